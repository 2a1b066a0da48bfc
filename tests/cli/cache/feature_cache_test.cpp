#include "cache/feature_cache.h"

#include <algorithm>
#include <sstream>

#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <sys/stat.h>

#include "cache/cache_file.h"
#include "cache/feature_record.h"
#include "commands/cache_command.h"
#include "commands/score_command.h"
#include "console/exit_code.h"
#include "support/catch.h"
#include "support/dark_taste.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

/// Sets back the time of a file's last change, as files have that were not made this very moment.
void make_old(const fs::path& file, long seconds = 1'700'000'000) {
    const timespec times[] = {{seconds, 123'456'789}, {seconds, 123'456'789}};
    REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
}

/// Other bytes of the same number in the same file, at the same time: what only reading it can tell.
void spoil_unnoticed(const fs::path& file) {
    const std::string before = test::read_bytes(file);
    test::write_bytes(file, std::string(before.size(), 'x'));
    make_old(file);
}

/// Some photos of last year, and a cache.
struct CachedAlbum {
    explicit CachedAlbum(int count = 9) {
        fs::create_directory(photos);
        for (int i = 0; i < count; ++i) {
            files.push_back(test::write_photo(test::photo_of(20 + 200 * i / count),
                                              photos / ("p" + std::to_string(100 + i)),
                                              {.suffix = i % 2 ? ".jpg" : ".png"}));
            make_old(files.back());
        }
        options.photos.paths = {photos.string()};
        options.photos.quiet = true;
        options.photos.jobs = 2;
        options.photos.cache.use = true;
        options.photos.cache.file = cache;
        options.scorer.model = test::tiny_model().info().file.string();
        options.scorer.device = "cpu";
    }

    struct Run {
        int exit_code;
        std::string out, err;
    };
    Run score() const {
        std::ostringstream out, err;
        const int exit_code = run_score(options, out, err);
        return {exit_code, out.str(), err.str()};
    }
    Run score_without_cache() {
        options.photos.cache.use = false;
        Run run = score();
        options.photos.cache.use = true;
        return run;
    }

    test::TemporaryFolder folder;
    fs::path photos = folder / "photos";
    fs::path cache = folder / "cache" / "features.sqlite";
    std::vector<fs::path> files;
    ScoreOptions options;
};

Features some_features(float value) {
    Features features;
    features.content_id = std::string(64, 'a');
    features.photo = {4000, 3000};
    features.flags.set(Flag::noise);
    features.attributes.fill(0.1F);
    features.pooled = {value, -1e-30F, 3.25F};
    return features;
}

void fill(FeatureCache& cache, int first, int count) {
    for (int i = first; i < first + count; ++i) {
        Features features = some_features(static_cast<float>(i));
        features.pooled.resize(2000);
        cache.add({{"/photos/" + std::to_string(i) + ".jpg", FileStamp{1, i, 1},
                    content_hash(std::as_bytes(std::span(&i, 1))), &features}});
    }
}

bool knows(FeatureCache& cache, int i) {
    return cache.find("/photos/" + std::to_string(i) + ".jpg", FileStamp{1, i, 1}).has_value();
}

}  // namespace

TEST_CASE("features come back from a record bit by bit, and no damaged record does", "[feature_cache]") {
    const Features features = some_features(0.1F);
    KeptSubject subject(32 * 32);
    for (std::size_t i = 0; i < subject.size(); ++i) subject[i] = static_cast<std::uint8_t>(i);
    const bool with_subject = GENERATE(true, false);
    if (!with_subject) subject.clear();
    const std::string record = packed_features(features, subject);
    const auto bytes = [](const std::string& text) { return std::as_bytes(std::span(text)); };
    const auto kept = unpacked_features(bytes(record));
    REQUIRE(kept);
    CHECK(kept->subject == subject);
    const Features* again = &kept->features;
    CHECK(packed_features(*again, kept->subject) == record);
    CHECK(again->content_id == features.content_id);
    CHECK(again->photo == features.photo);
    CHECK(again->flags.bits() == features.flags.bits());
    CHECK(again->attributes == features.attributes);
    CHECK(again->pooled == features.pooled);
    for (std::size_t i = 0; i < record.size(); ++i) {
        std::string damaged = record;
        damaged[i] = static_cast<char>(damaged[i] ^ 4);
        CHECK_FALSE(unpacked_features(bytes(damaged)));
        CHECK_FALSE(unpacked_features(bytes(record.substr(0, i))));
    }
}

TEST_CASE("a subject is the same after it was kept", "[feature_cache]") {
    std::vector<float> shares(32 * 32);
    for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = static_cast<float>(i % 7) / 3072;
    const KeptSubject kept = packed_subject(shares);
    const auto again = unpacked_subject(kept);
    CHECK(packed_subject(again) == kept);
    for (std::size_t i = 0; i < shares.size(); ++i) CHECK(again[i] == Approx(shares[i]).margin(1e-5));
    CHECK(unpacked_subject(packed_subject(std::vector<float>(4))) == std::vector<float>(4));
}

TEST_CASE("a second run over unchanged photos opens none of them and writes the same bytes",
          "[feature_cache]") {
    CachedAlbum album;
    album.options.format = GENERATE(ReportFormat::csv, ReportFormat::json, ReportFormat::jsonl);
    const auto fresh = album.score_without_cache();
    const auto first = album.score();
    REQUIRE(first.exit_code == cli::done);
    CHECK(first.err.empty());
    CHECK(first.out == fresh.out);

    for (const auto& file : album.files) spoil_unnoticed(file);
    const auto second = album.score();
    CHECK(second.exit_code == cli::done);
    CHECK(second.out == fresh.out);

    album.options.photos.cache.verify_content = true;
    const auto verified = album.score();
    CHECK(verified.exit_code == some_files_failed);
    CHECK_THAT(verified.err, ContainsSubstring("p100.png: is not an image"));
}

TEST_CASE("a photo that changed is read again, whichever sign of it there is", "[feature_cache]") {
    CachedAlbum album(3);
    const auto before = album.score();
    const fs::path changed = album.files[1];
    SECTION("another time") {
        test::write_photo(test::photo_of(250), changed.parent_path() / changed.stem(), {.suffix = ".jpg"});
        make_old(changed, 1'700'000'001);
    }
    SECTION("another size") {
        test::write_bytes(changed, test::read_bytes(album.files[0]));
        make_old(changed);
    }
    SECTION("another file in its place") {
        const auto bytes = test::read_bytes(album.files[1]);
        test::write_bytes(album.photos / "new", std::string(bytes.size(), 'x'));
        fs::rename(album.photos / "new", changed);
        make_old(changed);
    }
    const auto fresh = album.score_without_cache();
    CHECK(album.score().out == fresh.out);
    CHECK(fresh.out != before.out);
}

TEST_CASE("a photo is known again by its content after a move, a copy or a touch", "[feature_cache]") {
    CachedAlbum album(2);
    album.score();
    // Features that no decoder gives, put where those of the first photo are.
    const std::string content = content_hash(FileBytes(album.files[0]).span());
    {
        FeatureCache cache({album.cache, 1 << 30, 0, true}, test::tiny_model());
        Features white = cache.find(content)->features;
        std::fill(white.pooled.begin(), white.pooled.end(), 1.0F);
        cache.add({{album.files[0], std::nullopt, content, &white}});
    }
    fs::rename(album.files[0], album.photos / "elsewhere.png");
    fs::copy_file(album.photos / "elsewhere.png", album.photos / "copy.png");
    const auto run = album.score();
    for (const auto* name : {"/elsewhere.png,9.", "/copy.png,9."})
        CHECK_THAT(run.out, ContainsSubstring(name));
}

TEST_CASE("an inode tells files apart where the file system keeps it", "[feature_cache]") {
    CHECK(keeps_inodes(0xef53));                              // ext4
    CHECK(keeps_inodes(0x6969));                              // NFS
    CHECK_FALSE(keeps_inodes(0x65735546));                    // rclone, s3fs
    CHECK_FALSE(keeps_inodes(static_cast<int>(0xff534d42)));  // also where statfs() counts in 32 bits
}

TEST_CASE("another profile scores the photos anew without opening them", "[feature_cache]") {
    CachedAlbum album(4);
    const auto taste = test::write_dark_taste(album.folder.path());
    album.options.scorer.user = taste.profile;
    album.options.scorer.prior = taste.prior;
    const auto fresh = album.score_without_cache();
    album.options.scorer.user.clear();
    const auto generic = album.score();
    for (const auto& file : album.files) spoil_unnoticed(file);
    album.options.scorer.user = taste.profile;
    const auto personal = album.score();
    CHECK(personal.out == fresh.out);
    CHECK(personal.out != generic.out);
}

TEST_CASE("a file that changed a moment ago is not known by its time", "[feature_cache]") {
    const test::TemporaryFolder folder;
    const auto file = test::write_photo(test::photo_of(90), folder / "new");
    CHECK_FALSE(FileBytes(file).stamp());
    make_old(file);
    CHECK(FileBytes(file).stamp() == file_stamp(file));
}

TEST_CASE("what one model saw is nothing to another", "[feature_cache]") {
    const test::TemporaryFolder folder;
    const auto file = test::write_tiny_model(folder.path());
    std::string bytes = test::read_bytes(file);
    bytes.replace(bytes.find("likes brightness"), 16, "likes Brightness");
    test::write_bytes(file, bytes);
    const FeatureCachePlace place{.file = folder / "cache", .limit = 1 << 30, .today = 0, .by_stamp = true};
    FeatureCache one(place, test::tiny_model());
    FeatureCache other(place, load_model(file.string(), {.device = "cpu"}));
    fill(one, 0, 3);
    fill(other, 1, 1);
    FeatureCache again(place, test::tiny_model());
    CHECK(knows(again, 0));
    CHECK_FALSE(knows(other, 0));
    CHECK(knows(other, 1));
    const auto contents = cache_contents(folder / "cache");
    REQUIRE(contents);
    CHECK(contents->files == 3);
    REQUIRE(contents->models.size() == 2);
    CHECK(contents->models[0].photos == 3);
    CHECK(contents->models[1].photos == 1);
}

TEST_CASE("at its limit the cache drops what nobody asked for since yesterday, and nothing else",
          "[feature_cache]") {
    const test::TemporaryFolder folder;
    const auto open = [&](std::int64_t today) {
        return FeatureCachePlace{folder / "cache", 4 << 20, today, true};
    };
    {
        FeatureCache cache(open(1), test::tiny_model());
        fill(cache, 0, 450);
        CHECK_FALSE(cache.warning());
    }
    {
        FeatureCache cache(open(2), test::tiny_model());
        for (int i = 0; i < 100; ++i) CHECK(knows(cache, i));
        fill(cache, 1000, 300);
        CHECK_FALSE(cache.warning());
    }
    FeatureCache cache(open(2), test::tiny_model());
    for (int i = 0; i < 100; ++i) CHECK(knows(cache, i));
    for (int i = 1000; i < 1300; ++i) CHECK(knows(cache, i));
    int dropped = 0;
    for (int i = 100; i < 450; ++i) dropped += !knows(cache, i);
    CHECK(dropped >= 200);

    fill(cache, 2000, 600);  // more of one day than fits
    const auto warning = cache.warning();
    REQUIRE(warning);
    CHECK_THAT(*warning, ContainsSubstring("has reached its limit of 4 MB"));
    CHECK_FALSE(cache.warning());
    for (int i = 1000; i < 1300; ++i) CHECK(knows(cache, i));
    CHECK(fs::file_size(folder / "cache") < (5 << 20));
}

TEST_CASE("trouble with the cache is one warning and changes no row", "[feature_cache]") {
    CachedAlbum album;
    const auto fresh = album.score_without_cache();
    album.score();
    const auto expect_one_warning = [&](const std::string& text) {
        const auto run = album.score();
        CHECK(run.exit_code == cli::done);
        CHECK(run.out == fresh.out);
        CHECK_THAT(run.err, ContainsSubstring(text));
        CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
    };
    SECTION("something else is there") {
        const std::string note = "my diary\n";
        test::write_bytes(album.cache, note);
        expect_one_warning("is not a cache of piaa-batch");
        CHECK(test::read_bytes(album.cache) == note);
        CHECK_THROWS_AS(clear_cache(album.cache), Error);
        CHECK(test::read_bytes(album.cache) == note);
    }
    SECTION("damaged pages") {
        std::string bytes = test::read_bytes(album.cache);
        REQUIRE(bytes.size() > 8192);
        std::fill(bytes.begin() + 100, bytes.end(), '\x5a');
        test::write_bytes(album.cache, bytes);
        expect_one_warning("is damaged; piaa-batch cache clear makes it anew");
        clear_cache(album.cache);
        CHECK(album.score().err.empty());
        for (const auto& file : album.files) spoil_unnoticed(file);
        CHECK(album.score().out == fresh.out);
    }
    SECTION("cut off") {
        fs::resize_file(album.cache, 4096);
        expect_one_warning("features.sqlite: ");
    }
    SECTION("a folder that cannot be made") {
        album.options.photos.cache.file = "/proc/nowhere/features.sqlite";
        expect_one_warning("/proc/nowhere/features.sqlite: cannot be made");
    }
}

TEST_CASE("a run that was killed as it made its cache costs the next one nothing", "[feature_cache]") {
    CachedAlbum album;
    const auto fresh = album.score_without_cache();
    fs::create_directories(album.cache.parent_path());
    for (const char* made : {"", "PRAGMA user_version = 0", "PRAGMA auto_vacuum = INCREMENTAL; VACUUM"}) {
        CAPTURE(made);
        fs::remove(album.cache);
        SqliteFile(album.cache).run(made);
        if (*made != '\0') REQUIRE(fs::file_size(album.cache) > 0);
        const auto run = album.score();
        CHECK(run.err.empty());
        CHECK(run.out == fresh.out);
        const auto contents = cache_contents(album.cache);
        REQUIRE(contents);
        CHECK(contents->files == 9);
    }
    fs::remove(album.cache);
    SqliteFile(album.cache).run("CREATE TABLE diary (day TEXT)");
    CHECK_THAT(album.score().err, ContainsSubstring("is not a cache of piaa-batch"));
}

TEST_CASE("cache info says what is there, and clear empties it", "[feature_cache]") {
    CachedAlbum album;
    const auto run = [&](CacheAction action) {
        std::ostringstream out, err;
        CHECK(run_cache({action, album.cache}, out, err) == cli::done);
        CHECK(err.str().empty());
        return out.str();
    };
    CHECK_THAT(run(CacheAction::info), ContainsSubstring("not there yet"));
    album.score();
    CHECK_THAT(run(CacheAction::info),
               ContainsSubstring("files known: 9") && ContainsSubstring("photos kept for model tiny: 9"));
    CHECK(run(CacheAction::clear).empty());
    CHECK_THAT(run(CacheAction::info), ContainsSubstring("files known: 0"));
}

TEST_CASE("caches of two workers are put together, and what they know opens no photo", "[feature_cache]") {
    CachedAlbum album;
    const auto merge = [](const fs::path& into, std::vector<std::string> from) {
        std::ostringstream out, err;
        const int exit_code = run_cache({CacheAction::merge, into, std::move(from)}, out, err);
        return std::pair(exit_code, err.str());
    };
    std::vector<std::string> parts;
    for (std::uint32_t index = 1; index <= 2; ++index) {
        parts.push_back((album.folder / ("part" + std::to_string(index))).string());
        album.options.photos.cache.file = parts.back();
        album.options.photos.shard = {index, 2};
        album.score();
    }
    album.options.photos.shard = {};
    album.options.photos.cache.file = album.cache;
    const auto before = album.score_without_cache();
    CHECK(merge(album.cache, parts) == std::pair(int{cli::done}, std::string()));
    CHECK(merge(album.cache, parts) == std::pair(int{cli::done}, std::string()));  // nothing new
    const auto contents = cache_contents(album.cache);
    REQUIRE(contents);
    CHECK(contents->files == 9);
    REQUIRE(contents->models.size() == 1);
    CHECK(contents->models.front().photos == 9);
    for (const auto& file : album.files) spoil_unnoticed(file);
    CHECK(album.score().out == before.out);

    const auto other = album.folder / "other";
    test::write_bytes(other, "no cache");
    const auto [exit_code, err] = merge(album.cache, {other.string()});
    CHECK(exit_code == cannot_start);
    CHECK_THAT(err, ContainsSubstring("is not a cache of piaa-batch"));
    CHECK(test::read_bytes(other) == "no cache");
    CHECK(merge(album.cache, {(album.folder / "nowhere").string()}).first == cannot_start);
}
