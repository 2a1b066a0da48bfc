// The reader of profiles. Checksums stop nearly all damage to an archive, so half of the inputs (by their
// first byte) are pickles that are put into a good archive first.

#include <piaa/error.h>
#include <piaa/profile.h>

#include "fuzz_target.h"
#include "support/sample_profile.h"
#include "support/zip_builder.h"

namespace {

constexpr char whole_archive = 'A';
constexpr char pickle_only = 'P';

std::string archive_of(const std::string& pickle) {
    piaa::test::ZipBuilder zip;
    zip.add("me/data.pkl", pickle);
    for (const char* member : {"0", "1", "2", "3", "4", "5", "6"})
        zip.add(std::string("me/data/") + member, std::string(24, '\0'));
    return zip.finish();
}

std::string file_of(const piaa::UserProfile& profile) {
    const auto bytes = piaa::profile_bytes(profile);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string pickle_in(const std::string& file) {
    const auto start = file.find("\x80\x02}(");
    return file.substr(start, file.find("PK\3\4", start) - start);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string input(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string file = data[0] == pickle_only ? archive_of(input) : input;
    try {
        const auto profile = piaa::parse_profile(piaa::test::as_bytes(file), "me.pt");
        piaa::profile_bytes(profile);  // whatever is accepted can be written again
    } catch (const piaa::Error&) {
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    std::vector<std::string> seeds;
    for (const int photos : {0, 1, 3}) {
        const std::string file = file_of(piaa::test::sample_profile(photos, 2));
        seeds.push_back(whole_archive + file);
        seeds.push_back(pickle_only + pickle_in(file));
    }
    return seeds;
}
