

#include <piaa/profile.h>

#include "support/catch.h"
#include "support/python_program.h"
#include "support/sample_profile.h"
#include "support/temporary_folder.h"

using namespace piaa;

namespace {

/// test::sample_profile() after what tests/support/edit_profile.py does to it.
void check_edited(const UserProfile& edited) {
    const UserProfile sample = test::sample_profile();
    CHECK(edited.rows() == sample.rows());
    REQUIRE(edited.events().size() == sample.events().size());
    CHECK(edited.events()[0] == sample.events()[0]);
    CHECK(edited.events()[1].value == 0.75);
    CHECK(edited.learned().tensors.at("covariance").values == std::vector<float>(16, 0.25f));
    CHECK(edited.learned().strings.at("note") == "edited in Python");
    CHECK(edited.learned().agreement->value == 0.25);
    CHECK(edited.learned().numbers == sample.learned().numbers);
}

}  // namespace

TEST_CASE("Python opens a profile with weights_only, and we open what Python saves", "[profile][python]") {
    const test::TemporaryFolder folder;
    save_profile(folder / "me.pt", test::sample_profile());
    if (!test::run_python(
            "edit_profile.py " + (folder / "me.pt").string() + " " + (folder / "edited.pt").string(),
            "this system's Python has no PyTorch"))
        return;
    check_edited(load_profile(folder / "edited.pt"));
}

TEST_CASE("a profile that PyTorch 1.13 saved opens", "[profile][python]") {
    check_edited(load_profile(PIAA_TEST_DATA "/profiles/saved_by_pytorch_1.13.pt"));
}
