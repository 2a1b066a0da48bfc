#include "commands/adapt_command.h"

#include <cmath>
#include <sstream>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/anonymous_profile.h>
#include <piaa/piaa.h>

#include "console/exit_code.h"
#include "feedback/answers.h"
#include "feedback/rated_photos.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"
#include "support/warm_album.h"

using namespace piaa;
using namespace piaa::cli;
using test::Album;
using test::warm_or_cold;
using Json = nlohmann::ordered_json;

namespace {

AdaptCommandOptions options_for(const Album& album) {
    AdaptCommandOptions options;
    options.images = album.folder.path();
    options.output = album.folder / "me.pt";
    options.model = test::tiny_model().info().file.string();
    options.device = "cpu";
    options.prior = album.folder / "prior.safetensors";
    options.json = true;
    return options;
}

struct Run {
    int exit_code;
    std::string out, err;
    Json record() const { return Json::parse(out); }
};

Run run(const AdaptCommandOptions& options) {
    std::ostringstream out, err;
    const int exit_code = run_adapt(options, out, err);
    return {exit_code, out.str(), err.str()};
}

/// An anonymous profile of the same photos.
UserProfile of_another_opinion(const UserProfile& person) {
    UserProfile other = anonymous(person);
    Feedback first = other.events().front();
    other.remove(first);
    other.set_row(first.photo, person.rows().begin()->second);
    first.value = 1 - first.value;
    other.add(first);
    return other;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("adapt writes a profile that knows what the ratings say", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings();
    const Run result = run(options);
    INFO(result.err);
    CHECK(result.exit_code == done);
    CHECK(result.record()["ratings_used"] == 10);
    CHECK(result.record()["refused"] == 0);
    CHECK(result.record()["agreement"]["srocc"] > 0.7);
    CHECK(result.record()["agreement"]["gain"] > 0);

    const UserProfile profile = load_profile(options.output);
    CHECK(profile.events().size() == 10);
    CHECK(profile.base().hash == test::tiny_model().info().hash);
    const Prior prior = load_prior(options.prior);
    CHECK(profile.learned().prior == prior.hash());
    CHECK(profile.learned().tensors.at("weights").values[2] > 0.3f);
}

TEST_CASE("adapt writes over profiles alone", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings();
    options.output = options.ratings;
    const std::string before = test::read_bytes(options.ratings);
    const Run result = run(options);
    CHECK(result.exit_code == cannot_start);
    CHECK(contains(result.err, options.ratings.string() + ": "));
    CHECK(contains(result.err, "it is not written over"));
    CHECK(test::read_bytes(options.ratings) == before);
}

TEST_CASE("adapt loses no opinion of a profile that is there", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings(6);
    REQUIRE(run(options).exit_code == done);
    const std::string before = test::read_bytes(options.output);
    const auto refused = [&](const AdaptCommandOptions& other, const std::string& what) {
        const Run result = run(other);
        CHECK(result.exit_code == bad_usage);
        CHECK_THAT(result.err, ContainsSubstring("me.pt: would lose " + what));
        CHECK(test::read_bytes(options.output) == before);
    };
    auto other = options;
    other.ratings = album.write("other.csv", "image,rating\nphoto9.png,1\nphoto8.png,2\n");
    refused(other, "6 of its 6 opinions; go on from it with --update in place of --output, or name");
    const std::string csv = test::read_bytes(album.warm_ratings(6));
    other.ratings = album.write("other.csv", csv.substr(0, csv.find("photo5.png")));
    refused(other, "1 of its 6 opinions");
    auto migrated = options_for(album);
    other.output = album.folder / "ann.pt";
    REQUIRE(run(other).exit_code == done);
    migrated.migrate = other.output;
    refused(migrated, "1 of its 6 opinions; name another file with --output");
    migrated.migrate.clear();
    migrated.update = other.output;
    refused(migrated, "1 of its 6 opinions; name another file with --output");

    // The remedy; and the same once more by somebody who changed their mind, with what came since.
    other.output.clear();
    other.update = options.output;
    CHECK(run(other).exit_code == done);
    std::string changed = csv + "photo9.png,5\n";
    changed.replace(changed.find("photo0.png,1"), 12, "photo0.png,2");
    options.ratings = album.write("all.csv", changed);
    CHECK(run(options).exit_code == done);
    CHECK(run(options).exit_code == done);
    CHECK(load_profile(options.output).events().size() == 7);
}

TEST_CASE("adapt says in words what it did", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings();
    options.json = false;
    const Run result = run(options);
    for (const char* line :
         {"used: 10 ratings", "agreement with held-out ratings: ", "gain over the generic score: +",
          "ten more ratings would likely add: ", "gate: "})
        CHECK(contains(result.out, line));
}

TEST_CASE("adapt takes what can be used and names what cannot", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.write("ratings.csv",
                                  "image,rating\nphoto0.png,1\nphoto9.png,5\nmissing.png,3\nphoto4.png,9\n"
                                  "photo5.png,nice\n,2\nphoto3.png,2\nphoto3.png,4\n");
    const Run result = run(options);
    CHECK(result.exit_code == some_files_failed);
    CHECK(result.record()["ratings_used"] == 4);
    CHECK(result.record()["refused"] == 4);
    CHECK(contains(result.err, "missing.png: there is no such photo"));
    CHECK(contains(result.err, "rating of photo4.png is 9"));
    CHECK(contains(result.err, "line 6"));
    CHECK(contains(result.err, "photo3.png: ratings disagree (2, 4), their mean counts"));
    CHECK(load_profile(options.output).rows().size() == 3);
}

TEST_CASE("adapt leaves an existing profile as it was when nothing can be learned", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings();
    run(options);
    const std::string before = test::read_bytes(options.output);
    SECTION("no photo is there") {
        options.images = album.folder / "elsewhere";
    }
    SECTION("ratings of several people") {
        options.ratings = album.write("many.csv", "rater,image,rating\na,photo0.png,1\nb,photo0.png,2\n");
    }
    SECTION("another table") {
        options.ratings = album.write("other.csv", "x,y\n1,2\n");
    }
    SECTION("a method without its weights") {
        options.method = "blg";
        options.blg = album.write("blg.safetensors", "none");
    }
    const Run result = run(options);
    CHECK(result.exit_code != done);
    CHECK(result.err.starts_with("piaa-batch: "));
    CHECK(test::read_bytes(options.output) == before);
}

TEST_CASE("Ratings added later are as if all had come at once", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings(6);
    run(options);
    options.update = options.output;
    options.ratings = album.write("more.csv", "image,rating\nphoto6.png,4\nphoto0.png,2\n");
    const Run updated = run(options);
    CHECK(updated.record()["replaced"] == 1);
    CHECK(updated.record()["photos"] == 7);

    auto at_once = options_for(album);
    at_once.output = album.folder / "once.pt";
    std::string csv = test::read_bytes(album.warm_ratings(6));
    csv.replace(csv.find("photo0.png,1"), csv.find('\n', csv.find("photo0.png")) - csv.find("photo0.png"),
                "photo0.png,2");
    at_once.ratings = album.write("once.csv", csv + "photo6.png,4\n");
    run(at_once);
    CHECK(load_profile(options.output).learned() == load_profile(at_once.output).learned());
}

TEST_CASE("An opinion that was taken back is gone", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings(7);
    run(options);
    AdaptCommandOptions back = options_for(album);
    back.update = options.output;
    back.forget = {"photo6.png", "never.png"};
    const Run result = run(back);
    CHECK(result.exit_code == some_files_failed);
    CHECK(result.record()["forgotten"] == 1);
    CHECK(contains(result.err, "never.png: the profile holds no opinion of this photo"));

    auto fewer = options_for(album);
    fewer.output = album.folder / "fewer.pt";
    fewer.ratings = album.warm_ratings(6);
    run(fewer);
    CHECK(load_profile(options.output).learned() == load_profile(fewer.output).learned());
}

TEST_CASE("Comparisons alone make a profile", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    std::string csv = "winner,loser\n";
    for (int i = 0; i < 9; ++i)
        csv += "photo" + std::to_string(i + 1) + ".png,photo" + std::to_string(i) + ".png\n";
    options.pairs = album.write("pairs.csv", csv + "photo1.png,photo1.png\n");
    const Run result = run(options);
    CHECK(result.record()["comparisons_used"] == 9);
    CHECK(result.record()["refused"] == 1);
    CHECK(load_profile(options.output).learned().tensors.at("weights").values[2] > 0.1f);
}

TEST_CASE("Stars that other programs wrote beside photos are ratings", "[adapt-command]") {
    const Album album;
    const auto sidecar = [&](const std::string& name, int stars) {
        album.write(name,
                    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
                    "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
                    "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='" +
                        std::to_string(stars) + "'/></rdf:RDF></x:xmpmeta>");
    };
    for (int i = 0; i < 5; ++i) sidecar("photo" + std::to_string(2 * i) + ".xmp", i + 1);
    sidecar("photo1.png.xmp", -1);
    sidecar("photo3.xmp", 0);
    auto options = options_for(album);
    options.from_xmp = album.folder.path();
    const Run result = run(options);
    INFO(result.err);
    CHECK(result.record()["ratings_used"] == 5);  // neither the rejected photo nor the unrated one
    CHECK(contains(result.err, "1 photo is marked as rejected"));
    CHECK(load_profile(options.output).learned().tensors.at("weights").values[2] > 0);
}

TEST_CASE("Two ratings are enough to begin, equal ratings return the generic score", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.write("two.csv", "image,rating\nphoto0.png,1\nphoto9.png,5\n");
    CHECK(run(options).record()["gate"] > 0.5);
    options.output = album.folder / "equal.pt";
    options.ratings = album.write("equal.csv", "image,rating\nphoto0.png,3\nphoto4.png,3\nphoto9.png,3\n");
    const Run equal = run(options);
    CHECK(equal.exit_code == done);
    CHECK(equal.record()["gate"] == 0);
    CHECK(equal.record()["agreement"].is_null());
}

TEST_CASE("A profile migrates to another prior with all that was said", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings();
    run(options);
    const UserProfile earlier = load_profile(options.output);
    PriorParts other = warm_or_cold().parts();
    other.offset = {-0.4f};
    save_prior(album.folder / "other.safetensors", Prior(other));

    auto later = options_for(album);
    later.output.clear();
    later.prior = album.folder / "other.safetensors";
    SECTION("going on from it is refused, since its rows mean nothing to another prior") {
        later.update = options.output;
        const Run refused = run(later);
        CHECK(refused.exit_code == cannot_start);
        CHECK(contains(refused.err, "me.pt: profile was learned with another prior"));
        CHECK(contains(refused.err, "adapt --migrate"));
        CHECK(load_profile(options.output) == earlier);
    }
    SECTION("with all photos there it is as if learned anew") {
        later.migrate = options.output;
        const Run result = run(later);
        INFO(result.err);
        CHECK(result.exit_code == done);
        CHECK(result.record()["migrated"] == 10);
        auto anew = options_for(album);
        anew.prior = later.prior;
        anew.ratings = options.ratings;
        anew.output = album.folder / "anew.pt";
        run(anew);
        const UserProfile carried = load_profile(options.output);
        CHECK(carried.learned() == load_profile(anew.output).learned());
        CHECK(carried.created == earlier.created);
        CHECK(carried.events().size() == 10);
    }
    SECTION("with photos missing nothing is overwritten") {
        boost::filesystem::remove(album.folder / "photo3.png");
        later.migrate = options.output;
        const Run refused = run(later);
        CHECK(refused.exit_code == some_files_failed);
        CHECK(contains(refused.err, "the photos of 1 of its 10 opinions are not below"));
        CHECK(load_profile(options.output) == earlier);
        later.output = album.folder / "." / "me.pt";
        CHECK(run(later).exit_code == some_files_failed);
        CHECK(load_profile(options.output) == earlier);

        later.output = album.folder / "part.pt";
        const Run part = run(later);
        CHECK(part.exit_code == some_files_failed);
        CHECK(part.record()["migrated"] == 9);
        CHECK(load_profile(later.output).events().size() == 9);
    }
    SECTION("a folder without any of the photos") {
        boost::filesystem::create_directory(album.folder / "empty");
        later.migrate = options.output;
        later.images = album.folder / "empty";
        const Run refused = run(later);
        CHECK(contains(refused.err, "cannot be migrated"));
        CHECK(load_profile(options.output) == earlier);
    }
}

TEST_CASE("Answers to the questionnaire are kept until they are taken out", "[adapt-command]") {
    const Album album;
    AdaptCommandOptions options = options_for(album);
    options.ratings = album.warm_ratings();
    std::ostringstream asked;
    write_questions(asked);
    const auto filled = [&](const std::string& answer) {
        std::string table = asked.str();
        for (auto at = table.find(",\n"); at != std::string::npos; at = table.find(",\n", at + 2))
            table.replace(at, 2, "," + answer + "\n");
        return album.write("answers.csv", table);
    };
    options.questionnaire = filled("4");
    REQUIRE(run(options).exit_code == done);
    const UserProfile with = load_profile(options.output);
    REQUIRE(with.traits());

    AdaptCommandOptions later = options_for(album);
    later.output.clear();
    later.update = options.output;
    later.questionnaire = filled("often");
    const std::string before = test::read_bytes(options.output);
    const Run refused = run(later);
    CHECK(refused.exit_code == some_files_failed);
    CHECK_THAT(refused.err, ContainsSubstring("answers.csv") && ContainsSubstring("line 2"));
    CHECK(test::read_bytes(options.output) == before);
    later.questionnaire = album.write("answers.csv", "statement,answer\nLike order.,4\n");
    CHECK_THAT(run(later).err, ContainsSubstring("there is no row for 'Am the life of the party.'"));

    later.questionnaire.clear();
    REQUIRE(run(later).exit_code == done);
    CHECK(load_profile(options.output).traits() == with.traits());
    later.forget_questionnaire = true;
    REQUIRE(run(later).exit_code == done);
    CHECK_FALSE(load_profile(options.output).traits());
}

TEST_CASE("A photo that was saved again, smaller and coarser, is known again", "[adapt-command]") {
    const Album album;
    const auto scene = [](Size size) {
        return test::painted(size, [size](int x, int y) {
            const double across = static_cast<double>(x) / size.width;
            const double down = static_cast<double>(y) / size.height;
            const bool hill = down > 0.6 + 0.2 * std::sin(7 * across);
            const bool sun = (across - 0.7) * (across - 0.7) + (down - 0.25) * (down - 0.25) < 0.012;
            const int grain = static_cast<int>(40 * std::sin(31 * across + 17 * down * across));
            if (sun) return test::Colour{250, 230, 150};
            return hill ? test::Colour{60 + grain, 90 + grain, 50}
                        : test::Colour{120, 160 + grain / 4, 200 + grain / 2};
        });
    };
    test::write_photo(scene({1000, 700}), album.folder / "beach");
    auto options = options_for(album);
    options.ratings = album.write("first.csv", "image,rating\nbeach.png,1\nphoto0.png,2\nphoto9.png,4\n");
    REQUIRE(run(options).exit_code == done);
    for (const int percent : {60, 45, 30}) {
        INFO(percent);
        const std::string name = "beach" + std::to_string(percent);
        test::write_photo(resized(scene({1000, 700}), {10 * percent, 7 * percent}), album.folder / name,
                          {.suffix = ".jpg[Q=60]"});
        auto later = options_for(album);
        later.update = options.output;
        later.ratings = album.write("later.csv", "image,rating\n" + name + ".jpg,5\n");
        const Run changed = run(later);
        INFO(changed.err);
        CHECK(changed.record()["replaced"] == 1);
        CHECK(changed.record()["photos"] == 3);
    }
    auto back = options_for(album);
    back.update = options.output;
    back.forget = {"beach30.jpg"};
    CHECK(run(back).record()["forgotten"] == 1);
    CHECK(load_profile(options.output).rows().size() == 2);
}

TEST_CASE("Two pictures that are named together stay two, however alike", "[adapt-command]") {
    const Album album;
    const Image photo = test::disc({480, 320}, 0.6, 0.4, 0.2, {30, 60, 90}, {220, 200, 160});
    test::write_photo(photo, album.folder / "one");
    test::write_photo(resized(photo, {96, 64}), album.folder / "two");
    auto options = options_for(album);
    options.ratings = album.write("r.csv", "image,rating\none.png,1\ntwo.png,5\nphoto9.png,4\n");
    const Run first = run(options);
    const std::size_t photos = first.record()["photos"];
    options.update = options.output;
    const Run again = run(options);
    CHECK(again.record()["photos"] == photos);
    CHECK(again.record()["replaced"] == 3);
}

TEST_CASE("A profile goes on by its own method unless another is named", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings();
    options.method = "ridge";
    run(options);
    options.update = options.output;
    options.method.clear();
    CHECK(run(options).record()["method"] == "ridge");
    options.method = "auto";
    CHECK(run(options).record()["method"] == "auto");
}

TEST_CASE("a photo is found by its name in either form of its accents", "[adapt]") {
    const test::TemporaryFolder folder;
    const std::string one_letter = "caf\xC3\xA9.jpg", two_letters = "cafe\xCC\x81.jpg";
    test::write_bytes(folder / one_letter, "");
    CHECK(photo_file(folder.path(), two_letters) == folder / one_letter);
    CHECK(photo_file(folder.path(), one_letter) == folder / one_letter);
    boost::filesystem::rename(folder / one_letter, folder / two_letters);
    CHECK(photo_file(folder.path(), one_letter) == folder / two_letters);
    CHECK(photo_file(folder.path(), "other.jpg") == folder / "other.jpg");
}

TEST_CASE("adapt learns from a folder of chosen photos beside those they were chosen from",
          "[adapt-command]") {
    const Album album;
    boost::filesystem::create_directories(album.folder / "all");
    boost::filesystem::create_directories(album.folder / "brand");
    for (int i = 0; i < 10; ++i) {
        const std::string name = "photo" + std::to_string(i) + ".png";
        boost::filesystem::copy_file(album.folder / name, album.folder / "all" / name);
        if (i >= 8) boost::filesystem::copy_file(album.folder / name, album.folder / "brand" / name);
    }
    auto options = options_for(album);
    options.images.clear();
    options.liked = album.folder / "brand";
    options.among = album.folder / "all";
    const Run result = run(options);
    INFO(result.err);
    CHECK(result.exit_code == done);
    CHECK(result.record()["ratings_used"] == 10);  // the copies among all photos say nothing of their own
    const UserProfile profile = load_profile(options.output);
    std::size_t above = 0;
    for (const Feedback& event : profile.events()) above += event.value > 0.5;
    CHECK(above == 2);
    CHECK(profile.learned().tensors.at("weights").values[2] > 0.1f);  // warm colours

    // One more is liked now; over stars that somebody gave such guesses are not put.
    boost::filesystem::copy_file(album.folder / "photo7.png", album.folder / "brand/photo7.png");
    CHECK(run(options).exit_code == done);
    auto by_hand = options_for(album);
    by_hand.ratings = album.warm_ratings();
    by_hand.output = album.folder / "by_hand.pt";
    REQUIRE(run(by_hand).exit_code == done);
    options.output = by_hand.output;
    const Run refused = run(options);
    CHECK(refused.exit_code == bad_usage);
    CHECK(contains(refused.err, "by_hand.pt: would lose"));

    boost::filesystem::create_directories(album.folder / "empty");
    options.output = album.folder / "me.pt";
    options.liked = album.folder / "empty";
    const Run nothing = run(options);
    CHECK(nothing.exit_code == some_files_failed);
    CHECK(contains(nothing.err, "empty: holds no photos"));
}

TEST_CASE("adapt pools people, and says who differs", "[adapt-command]") {
    const Album album;
    // Photos 0 to 9 from cold to warm. What each gives: a + b i.
    const auto person = [&](const std::string& name, double first, double step) {
        std::string csv = "image,rating\n";
        for (int i = 0; i < 10; ++i)
            csv += "photo" + std::to_string(i) + ".png," + std::to_string(first + step * i) + "\n";
        auto options = options_for(album);
        options.ratings = album.write(name + ".csv", csv);
        options.output = album.folder / (name + ".pt");
        REQUIRE(run(options).exit_code == done);
        return options.output.string();
    };
    const std::string warm = person("warm", 1, .44), strict = person("strict", 1, .11),
                      cold = person("cold", 4.9, -.35);

    auto options = options_for(album);
    options.output = album.folder / "team.pt";
    options.pool = {warm, strict, cold};
    const Run result = run(options);
    INFO(result.err);
    REQUIRE(result.exit_code == done);
    const Json pool = result.record()["pool"];
    CHECK(pool["photos"] == 10);
    CHECK(pool["spread"] > 0.5);
    REQUIRE(pool["people"].size() == 3);
    CHECK(pool["people"][0]["profile"] == cold);
    CHECK(pool["people"][0]["agreement"] < -0.5);
    CHECK(pool["people"][0]["opinions"] == 10);
    CHECK(pool["people"][1]["agreement"] > -0.5);
    // Two against one: what the pool likes is warm, and it holds everybody's opinions.
    const UserProfile team = load_profile(options.output);
    CHECK(team.events().size() == 30);
    const Prior prior = load_prior(options.prior);
    CHECK(team.learned().weights(3)[2] > 0);

    // Who is strict counts as much as who is not: alone with somebody of the other taste neither wins.
    options.pool = {strict, cold};
    REQUIRE(run(options).exit_code == done);
    CHECK(std::abs(load_profile(options.output).learned().weights(3)[2]) < 0.1);
    options.json = false;
    const Run words = run(options);
    CHECK(contains(words.out, "pooled: 2 people differ by "));
    CHECK_FALSE(contains(words.out, "used: "));
    options.pool = {strict, (album.folder / "nobody.pt").string()};
    CHECK(run(options).exit_code == cannot_start);
}

TEST_CASE("adapt pools people, not one person twice", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings();
    REQUIRE(run(options).exit_code == done);
    const UserProfile me = load_profile(options.output);
    save_profile(album.folder / "copy.pt", me);
    save_profile(album.folder / "nobody.pt", anonymous(me));

    AdaptCommandOptions pool = options_for(album);
    pool.output = album.folder / "team.pt";
    for (const std::string copy : {"copy.pt", "nobody.pt"}) {
        pool.pool = {options.output.string(), (album.folder / copy).string()};
        const Run twice = run(pool);
        CHECK(twice.exit_code == bad_usage);
        CHECK(contains(twice.err, copy + " and " + options.output.string() + ": hold the same opinions"));
    }

    // An anonymous profile of somebody else has other ids, but its photos are known again by their numbers.
    save_profile(album.folder / "nobody.pt", of_another_opinion(me));
    const Run result = run(pool);
    INFO(result.err);
    REQUIRE(result.exit_code == done);
    CHECK(result.record()["pool"]["photos"] == 10);
    CHECK(load_profile(pool.output).rows().size() == 10);
}

TEST_CASE("the same ratings again replace those of an anonymous profile and of a pool", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings();
    REQUIRE(run(options).exit_code == done);
    const UserProfile me = load_profile(options.output);
    AdaptCommandOptions again = options;
    again.output.clear();
    again.update = album.folder / "nobody.pt";
    save_profile(again.update, anonymous(me));
    const Run result = run(again);
    INFO(result.err);
    REQUIRE(result.exit_code == done);
    CHECK(load_profile(again.update).events().size() == me.events().size());
    CHECK(!contains(result.err, "several people"));

    AdaptCommandOptions pool = options_for(album);
    pool.output = album.folder / "team.pt";
    pool.pool = {options.output.string(), again.update.string()};
    save_profile(again.update, of_another_opinion(me));
    REQUIRE(run(pool).exit_code == done);
    again.update = pool.output;
    CHECK(contains(run(again).err, "10 photos had ratings of several people"));
}

TEST_CASE("adapt pools nobody who is of another model", "[adapt-command]") {
    const Album album;
    auto options = options_for(album);
    options.ratings = album.warm_ratings();
    REQUIRE(run(options).exit_code == done);
    UserProfile other({"another", std::string(64, 'a'), "1"});
    other.set_row("photo", {0.5F, 0});
    other.add({FeedbackKind::rating, "photo", "", 0.5, 1});
    save_profile(album.folder / "other.pt", other);

    AdaptCommandOptions pool = options_for(album);
    pool.output = album.folder / "team.pt";
    pool.pool = {options.output.string(), (album.folder / "other.pt").string()};
    const Run result = run(pool);
    CHECK(result.exit_code == cannot_start);
    CHECK(contains(result.err, "other.pt"));
    CHECK_FALSE(boost::filesystem::exists(pool.output));

    // Without --model the first of them says which model it is.
    pool.model.clear();
    std::swap(pool.pool.front(), pool.pool.back());
    const Run unknown = run(pool);
    CHECK(unknown.exit_code == cannot_start);
    CHECK(contains(unknown.err,
                   "other.pt: profile was learned on model another (aaaaaaaa), which is not installed"));
}
