#include <boost/filesystem/fstream.hpp>

#include "actions/dialog_state.h"
#include "actions/profiles.h"
#include "fake_host.h"
#include "installed_tiny_model.h"
#include "support/catch.h"
#include "window.h"

using namespace piaa;
using namespace piaa::plugin;
using test::bright_disc;
using test::whole_photo;
using test::Window;

TEST_CASE("a profile that cannot be read leaves a choice: nobody's, another one, or once more", "[plugin]") {
    const test::InstalledTinyModel installed;
    boost::filesystem::create_directories(own_profile().parent_path());
    boost::filesystem::ofstream(own_profile()) << "no profile";
    test::FakeHost host(bright_disc());
    Settings settings;
    settings.profile = own_profile();
    settings.map = HeatmapKind::personal;
    Window window(host, settings);
    REQUIRE(window.settle());
    CHECK(window.state.failed());
    CHECK_THAT(window.state.status(), ContainsSubstring("me.pt"));
    CHECK(window.state.status().find("install") == std::string::npos);
    CHECK(window.state.remedies() ==
          std::vector{Remedy::everyone, Remedy::another_profile, Remedy::once_more});
    window.state.take(Remedy::once_more);
    CHECK_FALSE(window.state.failed());
    REQUIRE(window.settle());
    CHECK(window.state.failed());

    SECTION("nobody's") {
        window.state.take(Remedy::everyone);
        CHECK_THAT(window.state.status(), ContainsSubstring("…"));
        REQUIRE(window.settle());
        CHECK(window.state.ready());
        CHECK(window.state.remedies().empty());
        CHECK(window.state.settings().map == HeatmapKind::generic);
    }
    SECTION("once more, when it is whole again") {
        boost::filesystem::remove(own_profile());
        boost::filesystem::copy_file(installed.profile(), own_profile());
        window.state.take(Remedy::once_more);
        REQUIRE(window.settle());
        CHECK(window.state.ready());
        CHECK(window.state.settings().profile == own_profile());
    }
}

TEST_CASE("without models the dialog says what is missing, and goes on when it is there", "[plugin]") {
    const test::InstalledTinyModel installed;
    const auto models = installed.folder() / "data/models";
    boost::filesystem::rename(models, installed.folder() / "data/elsewhere");
    test::FakeHost host(bright_disc());
    Window window(host);
    REQUIRE(window.settle());
    CHECK(window.state.failed());
    CHECK_THAT(window.state.status(), ContainsSubstring("models") && ContainsSubstring("install it again"));
    CHECK(window.state.remedies() == std::vector{Remedy::once_more});
    boost::filesystem::rename(installed.folder() / "data/elsewhere", models);
    window.state.take(Remedy::once_more);
    REQUIRE(window.settle());
    CHECK(window.state.ready());
    CHECK_FALSE(window.state.preview(whole_photo).empty());
}

TEST_CASE("where nothing can be judged, all that is visible can", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    host.selected = {5, 5, 10, 10};
    Settings settings;
    settings.selection = SelectionUse::keep;
    Window window(host, settings);
    REQUIRE(window.settle());
    settings.selection = SelectionUse::judge;
    window.state.change(settings);
    CHECK(window.state.remedies() == std::vector{Remedy::all_visible});
    settings = window.state.settings();
    settings.format = "1:1";  // changes nothing about it
    window.state.change(settings);
    CHECK(window.state.failed());
    window.state.take(Remedy::all_visible);
    REQUIRE(window.settle());
    CHECK(window.state.ready());
    CHECK(window.state.judges_visible());
    CHECK(window.state.settings().format == "1:1");
}
