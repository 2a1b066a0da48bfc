#include "actions/dialog_state.h"

#include <boost/filesystem/fstream.hpp>

#include "actions/profiles.h"
#include "actions/texts.h"
#include "fake_host.h"
#include "installed_tiny_model.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "window.h"

using namespace piaa;
using namespace piaa::plugin;
using test::bright_disc;
using test::whole_photo;
using test::Window;

TEST_CASE("the window is there before the engine, and fills in", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Window window(host);
    CHECK_FALSE(window.state.ready());
    CHECK(window.state.preview(whole_photo).empty());
    CHECK(window.state.score_text().empty());
    CHECK_FALSE(window.state.status().empty());
    REQUIRE(window.settle());
    CHECK(window.state.ready());
    CHECK(window.shown > 0);
    CHECK(window.state.status().empty());
    CHECK_THAT(window.state.score_text(), ContainsSubstring("of 10"));
    CHECK_THAT(window.state.reasons_text(), ContainsSubstring("Places that"));
    CHECK_THAT(window.state.crop_title(), ContainsSubstring("Crop 1 of "));
    CHECK(window.state.preview(whole_photo).size() == 600 * 400 * 3);
    CHECK(host.done.empty());
}

TEST_CASE("the photo is read and looked at once, whatever is changed afterwards", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Window window(host);
    REQUIRE(window.settle());
    Settings settings = window.state.settings();
    settings.format = "1:1";
    window.state.change(settings);
    CHECK_FALSE(window.state.ready());
    REQUIRE(window.settle());
    settings.profile = installed.profile();
    settings.map = HeatmapKind::personal;
    window.state.change(settings);
    REQUIRE(window.settle());
    CHECK_THAT(window.state.score_text(), ContainsSubstring("People in general"));
    CHECK_THAT(window.state.reasons_text(), ContainsSubstring("this person"));
    CHECK(host.rows_read == 160);
}

TEST_CASE("each crop says what it would score as a photo of its own", "[plugin]") {
    const test::InstalledTinyModel installed;
    const Image photo = bright_disc();
    test::FakeHost host(photo);
    Window window(host);
    REQUIRE(window.settle());
    for (int i = 0; i < 5000 && window.state.crop_text().starts_with("…"); ++i) {
        window.step();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK_THAT(window.state.crop_text(), ContainsSubstring(" of 10") && ContainsSubstring("whole photo"));

    Session session(photo.size());
    session.set_profile({});
    session.analyse(photo);
    const PixelBox box = session.crops(window.state.settings()).crops.front().box;
    const Image cut = part_of(photo, normalized(box, photo.size()), {box.width, box.height});
    const Score expected = score(session.person().model(),
                                 extract_features(session.person().model(), std::span(&cut, 1)).front());
    CHECK(session.crop_score(box).score == Approx(expected.score));
    CHECK(session.crop_score({0, 0, 240, 160}).score == Approx(session.score().score).margin(0.02));
}

TEST_CASE("a crop that scores lower than the photo says so, on the photo's own scale", "[plugin]") {
    CropCandidate crop;
    crop.box = {0, 0, 30, 20};
    Score photo;
    photo.score = 8.1;
    CHECK_THAT(crop_text(crop, {}, photo), Catch::Matchers::StartsWith("… of 10"));
    Score lower;
    lower.score = 7.62;
    CHECK_THAT(crop_text(crop, lower, photo),
               Catch::Matchers::StartsWith("7.6 of 10, 0.5 lower than the whole photo"));
    lower.score = 8.3;
    CHECK_THAT(crop_text(crop, lower, photo),
               Catch::Matchers::StartsWith("8.3 of 10, 0.2 higher than the whole photo"));
    lower.score = 8.12;
    CHECK_THAT(crop_text(crop, lower, photo), Catch::Matchers::StartsWith("8.1 of 10, as the whole photo"));
}

TEST_CASE("a drawn rectangle stays whole in every crop, until it is taken away", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Settings settings;
    settings.format = "1:1";
    Window window(host, settings);
    REQUIRE(window.settle());
    const std::string before = window.state.crop_text();
    window.state.keep(Box{0, 0.5, 0.2, 0.4});
    REQUIRE(window.settle());
    CHECK(window.state.keeps_drawn());
    const Session& session = window.state.finish();
    for (const CropCandidate& crop : session.crops(window.state.settings()).crops) {
        CHECK(crop.violations.empty());
        CHECK(crop.box.x == 0);
        CHECK(crop.box.width >= 48);
    }
}

TEST_CASE("another choice of what is judged is read and seen anew", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    host.selected = {0, 0, 90, 120};
    host.more_than_layer = true;
    Window window(host);
    CHECK(window.state.judges_visible());
    REQUIRE(window.settle());
    const std::string visible = window.state.score_text();
    CHECK(host.rows_read == 120);
    Settings settings = window.state.settings();
    settings.source = window.state.source_for(false);
    window.state.change(settings);
    CHECK_FALSE(window.state.ready());
    CHECK_FALSE(window.state.judges_visible());
    REQUIRE(window.settle());
    CHECK(window.state.score_text() != visible);
    settings = window.state.settings();
    settings.selection = SelectionUse::keep;
    window.state.change(settings);
    REQUIRE(window.settle());
    CHECK(window.state.photo_size() == Size{240, 160});
    CHECK(window.state.settings().keep.size() == 1);
    settings.source = window.state.source_for(true);
    CHECK(settings.source == Source::fitting);
    settings.selection = SelectionUse::judge;
    window.state.change(settings);
    window.step();
    window.state.change(window.state.settings());  // in the midst of it
    REQUIRE(window.settle());
    CHECK(window.state.score_text() == visible);
}

TEST_CASE("a selection too small to be judged is said, and another use of it mends that", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    host.selected = {5, 5, 10, 10};
    Settings settings;
    settings.selection = SelectionUse::keep;
    Window window(host, settings);
    REQUIRE(window.settle());
    settings.selection = SelectionUse::judge;
    window.state.change(settings);
    CHECK(window.state.failed());
    CHECK_FALSE(window.state.ready());
    CHECK_THAT(window.state.status(), ContainsSubstring("at least 32x32"));
    settings.selection = SelectionUse::nothing;
    window.state.change(settings);
    REQUIRE(window.settle());
    CHECK(window.state.ready());
}

TEST_CASE("opacity and what to do on OK need no answer of the engine", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Window window(host);
    REQUIRE(window.settle());
    const auto before = window.state.preview(whole_photo);
    Settings settings = window.state.settings();
    settings.opacity = 0;
    settings.marks = CropMarks::layers;
    settings.cut = Cut::crop;
    window.state.change(settings);
    CHECK(window.state.ready());
    CHECK(window.state.preview(whole_photo) != before);
}

TEST_CASE("crops are clicked through, round and round", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Window window(host);
    REQUIRE(window.settle());
    const std::string first = window.state.crop_title();
    const auto picture = window.state.preview(whole_photo);
    window.state.step_crop(1);
    CHECK_THAT(window.state.crop_title(), ContainsSubstring("Crop 2 of "));
    CHECK(window.state.preview(whole_photo) != picture);
    window.state.step_crop(-1);
    CHECK(window.state.crop_title() == first);
    window.state.step_crop(-1);
    CHECK(window.state.crop_title() != first);
    window.state.step_crop(1);
    CHECK(window.state.crop_title() == first);
}

TEST_CASE("rating without a profile makes one and shows this person's eye", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Window window(host);
    REQUIRE(window.settle());
    window.state.rate(4);
    REQUIRE(window.settle());
    INFO(window.state.status());
    CHECK_FALSE(window.state.failed());
    CHECK(window.state.settings().profile == own_profile());
    CHECK(window.state.settings().map == HeatmapKind::personal);
    CHECK_THAT(window.state.person_text(), ContainsSubstring("Your rating of this photo: 4"));
    CHECK_THAT(window.state.reasons_text(), ContainsSubstring("ou "));
    CHECK(window.state.reasons_text().find("erson") == std::string::npos);
    CHECK(load_profile(own_profile()).events().size() == 1);
}

TEST_CASE("a rating shows, says what is still wanted, and can be taken back", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Window window(host);
    REQUIRE(window.settle());
    window.state.rate(2);
    REQUIRE(window.settle());
    CHECK(window.state.rating() == 2);
    CHECK_THAT(window.state.person_text(), ContainsSubstring("1 rating, 4 more until they help"));
    window.state.take_rating_back();
    REQUIRE(window.settle());
    INFO(window.state.person_text());
    CHECK_FALSE(window.state.rating());
    CHECK(load_profile(own_profile()).events().empty());
}

TEST_CASE("a rating that cannot be stored is said beside the answer, which stays", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Window window(host);
    REQUIRE(window.settle());
    const std::string score = window.state.score_text();
    boost::filesystem::create_directories(own_profile().parent_path().parent_path());
    boost::filesystem::ofstream(own_profile().parent_path()) << "in the way of the folder";
    window.state.rate(4);
    REQUIRE(window.settle());
    CHECK(window.state.ready());
    CHECK(window.state.score_text() == score);
    CHECK_THAT(window.state.person_text(), ContainsSubstring("Not stored: ") && ContainsSubstring("me.pt"));
    CHECK(window.state.settings().profile.empty());
    CHECK_FALSE(window.state.rating());
}

TEST_CASE("the plain photo is one tick away", "[plugin]") {
    const test::InstalledTinyModel installed;
    const Image photo = bright_disc();
    test::FakeHost host(photo);
    Window window(host);
    REQUIRE(window.settle());
    const auto with_map = window.state.preview(whole_photo);
    window.state.show_plain(true);
    const auto plain = window.state.preview(whole_photo);
    CHECK(plain != with_map);
    const Image expected = resized(photo, {600, 400});
    CHECK(plain == std::vector<std::uint8_t>(expected.pixels().begin(), expected.pixels().end()));
    window.state.show_plain(false);
    CHECK(window.state.preview(whole_photo) == with_map);
}

TEST_CASE("what the dialog agreed to is what is done", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Window window(host);
    REQUIRE(window.settle());
    Settings settings = window.state.settings();
    settings.format = "1:1";
    window.state.change(settings);
    REQUIRE(window.settle());
    const Answer answer = apply(host, window.state.settings(), window.state.finish());
    test::FakeHost other(bright_disc());
    CHECK(run(other, settings).box == answer.box);
    CHECK(host.boxes == other.boxes);
}

TEST_CASE("an error is shown as a sentence, and choosing something else mends it", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Window window(host);
    REQUIRE(window.settle());
    Settings settings = window.state.settings();
    settings.format = "4:x";
    window.state.change(settings);
    REQUIRE(window.settle());
    CHECK(window.state.failed());
    CHECK_FALSE(window.state.ready());
    CHECK_THAT(window.state.status(), ContainsSubstring("4:x"));
    settings.format = "4:5";
    window.state.change(settings);
    for (int i = 0; i < 5000 && !window.state.ready(); ++i) {
        window.step();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK(window.state.ready());
    CHECK(window.state.status().empty());
}

TEST_CASE("of one's own profile the dialog speaks to oneself, of others' it does not", "[plugin]") {
    const test::InstalledTinyModel installed;
    CHECK(map_text(HeatmapKind::personal, listener_of(own_profile())) == std::string("Your eye"));
    CHECK(map_text(HeatmapKind::personal, listener_of(installed.profile())) ==
          std::string("The profile's eye"));
    CHECK(map_text(HeatmapKind::generic, listener_of(own_profile())) == std::string("Everyone's eye"));
    test::FakeHost host(bright_disc());
    Settings settings;
    settings.profile = installed.profile();
    Window window(host, settings);
    REQUIRE(window.settle());
    window.state.rate(2);
    REQUIRE(window.settle());
    CHECK_THAT(window.state.person_text(), ContainsSubstring("This person's rating of this photo: 2"));
}

TEST_CASE("the dialog can end at any moment", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    for (const int steps : {0, 1, 3}) {
        Window window(host);
        for (int i = 0; i < steps; ++i) {
            window.step();
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
    CHECK(host.done.empty());
}
