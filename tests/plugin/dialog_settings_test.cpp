#include <cstdlib>

#include <boost/filesystem/fstream.hpp>

#include <piaa/error.h>

#include "actions/dialog_state.h"
#include "fake_host.h"
#include "installed_tiny_model.h"
#include "support/catch.h"
#include "window.h"

using namespace piaa;
using namespace piaa::plugin;
using test::bright_disc;
using test::Window;

TEST_CASE("reset brings all choices back but the profile", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Settings settings;
    settings.profile = installed.profile();
    settings.opacity = 10;
    settings.format = "1:1";
    settings.cut = Cut::crop;
    settings.count = 1;
    Window window(host, settings);
    REQUIRE(window.settle());
    window.state.keep(Box{0, 0, 0.5, 0.5});
    window.state.reset();
    REQUIRE(window.settle());
    Settings usual;
    usual.profile = installed.profile();
    usual.map = HeatmapKind::personal;
    CHECK(window.state.settings() == usual);
    CHECK_FALSE(window.state.keeps_drawn());
}

TEST_CASE("all choices can go back to how the dialog began, and to how they were saved", "[plugin]") {
    const test::InstalledTinyModel installed;
    ::setenv("XDG_CONFIG_HOME", (installed.folder() / "config").c_str(), 1);
    test::FakeHost host(bright_disc());
    Settings first;
    first.format = "1:1";
    first.opacity = 10;
    Window window(host, first);
    REQUIRE(window.settle());
    CHECK_FALSE(has_saved_settings());
    Settings saved = first;
    saved.format = "4:5";
    saved.fit_colours = true;
    save_settings(saved);
    CHECK(has_saved_settings());
    window.state.keep(Box{0, 0, 0.5, 0.5});
    window.state.load_saved();
    REQUIRE(window.settle());
    CHECK(window.state.settings() == saved);
    window.state.reset_to_start();
    REQUIRE(window.settle());
    CHECK(window.state.settings() == first);
    boost::filesystem::remove_all(installed.folder() / "config");
    boost::filesystem::ofstream(installed.folder() / "config") << "in the way of the folder";
    CHECK_THROWS_WITH(save_settings(saved), ContainsSubstring("aesthetic-crop-saved.json"));
    CHECK_THROWS_AS(window.state.load_saved(), Error);
    CHECK(window.state.settings() == first);
    ::unsetenv("XDG_CONFIG_HOME");
}

TEST_CASE("kept settings whose profile or preset is gone do not stop the dialog", "[plugin]") {
    const test::InstalledTinyModel installed;
    test::FakeHost host(bright_disc());
    Settings settings;
    settings.profile = "/nowhere/gone.pt";
    settings.map = HeatmapKind::personal;
    settings.format = "gone";
    Window window(host, settings);
    REQUIRE(window.settle());
    CHECK(window.state.ready());
    CHECK(window.state.settings().profile.empty());
    CHECK(window.state.settings().format.empty());
}
