#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <sys/stat.h>

#include <piaa/error.h>
#include <piaa/profile.h>

#include "support/catch.h"
#include "support/sample_profile.h"
#include "support/temporary_folder.h"

using namespace piaa;
namespace fs = boost::filesystem;

namespace {

std::string content(const fs::path& file) {
    std::ifstream in(file.string(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file.string(), std::ios::binary) << text;
}

/// What the library says of a file it refuses.
template <typename Read>
std::string refusal(Read read) {
    try {
        read();
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

std::string refusal_of(std::span<const std::byte> bytes) {
    return refusal([&] { parse_profile(bytes, "me.pt"); });
}

}  // namespace

TEST_CASE("a profile comes back from its file as it was", "[profile]") {
    const test::TemporaryFolder folder;
    for (const int photos : {0, 1, 40}) {
        const UserProfile profile = test::sample_profile(photos);
        save_profile(folder / "me.pt", profile);
        CHECK(load_profile(folder / "me.pt") == profile);
    }
}

TEST_CASE("a profile without anything learned comes back as it was", "[profile]") {
    const UserProfile profile({"tiny", "hash", "tiny-1"});
    CHECK(parse_profile(profile_bytes(profile), "me.pt") == profile);
}

TEST_CASE("equal profiles give equal files", "[profile]") {
    CHECK(profile_bytes(test::sample_profile()) == profile_bytes(test::sample_profile()));
}

TEST_CASE("500 ratings at the longest rows fit in 256 kB", "[profile]") {
    CHECK(profile_bytes(test::sample_profile(500, 64)).size() <= 256 * 1024);
}

TEST_CASE("tensors in a profile start at multiples of 64 bytes, as PyTorch's own", "[profile]") {
    UserProfile profile({"tiny", "hash", "tiny-1"});
    Learned learned;
    learned.tensors["x"] = {{3}, {1.5f, -2.25f, 1024.125f}};
    profile.set_learned(learned);
    const auto bytes = profile_bytes(profile);
    const auto values = std::as_bytes(std::span(learned.tensors["x"].values));
    const auto found = std::search(bytes.begin(), bytes.end(), values.begin(), values.end());
    REQUIRE(found != bytes.end());
    CHECK((found - bytes.begin()) % 64 == 0);
}

TEST_CASE("a profile cut off anywhere is refused", "[profile]") {
    const auto bytes = profile_bytes(test::sample_profile());
    for (std::size_t eighth = 0; eighth < 8; ++eighth) {
        const auto cut = std::span(bytes).first(bytes.size() * eighth / 8);
        CHECK(refusal_of(cut).starts_with("me.pt: not a profile"));
    }
    CHECK(refusal_of(std::span(bytes).first(bytes.size() - 1)) != "accepted");
}

TEST_CASE("a profile with any one bit flipped is refused or still a valid profile", "[profile]") {
    auto bytes = profile_bytes(test::sample_profile(2, 2));
    int refused = 0;
    for (auto& byte : bytes) {
        byte ^= std::byte{0x10};
        if (refusal_of(bytes) != "accepted") ++refused;
        byte ^= std::byte{0x10};
    }
    CHECK(refused > static_cast<int>(bytes.size()) / 2);  // the rest is padding, dates and versions
}

TEST_CASE("a file that is something else is refused with a sentence", "[profile]") {
    const test::TemporaryFolder folder;
    write(folder / "me.pt", "image,rating\nbeach.jpg,3\nforest.jpg,5\n");
    const auto refusal_of_file = [](const fs::path& file) { return refusal([&] { load_profile(file); }); };
    CHECK(refusal_of_file(folder / "me.pt")
              .ends_with("me.pt: not a profile: no whole zip archive, which may have been cut off"));
    CHECK(refusal_of_file(folder / "none.pt").ends_with("none.pt: cannot read: No such file or directory"));
    CHECK(refusal_of_file(folder.path()).ends_with(": is not a regular file"));
}

TEST_CASE("saving keeps an existing file's permissions and leaves nothing beside it", "[profile]") {
    const test::TemporaryFolder folder;
    write(folder / "me.pt", "old");
    ::chmod((folder / "me.pt").c_str(), 0640);
    save_profile(folder / "me.pt", test::sample_profile());

    CHECK(fs::status(folder / "me.pt").permissions() == static_cast<fs::perms>(0640));
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
    CHECK(load_profile(folder / "me.pt") == test::sample_profile());
}

TEST_CASE("saving through a link replaces the file it points to", "[profile]") {
    const test::TemporaryFolder folder;
    write(folder / "real.pt", "old");
    fs::create_symlink("real.pt", folder / "me.pt");
    save_profile(folder / "me.pt", test::sample_profile());
    CHECK(fs::is_symlink(folder / "me.pt"));
    CHECK(load_profile(folder / "real.pt") == test::sample_profile());
}

TEST_CASE("a profile that cannot be written leaves what was there", "[profile]") {
    const test::TemporaryFolder folder;
    fs::create_directory(folder / "me.pt");
    write(folder / "me.pt/inside", "kept");
    CHECK_THROWS_AS(save_profile(folder / "me.pt", test::sample_profile()), Error);
    CHECK(content(folder / "me.pt/inside") == "kept");
    CHECK_THROWS_AS(save_profile(folder / "nowhere/me.pt", test::sample_profile()), Error);
}
