// A profile that can be given away: nothing in it leads to the photos.
#include <algorithm>

#include <piaa/adapt.h>
#include <piaa/anonymous_profile.h>

#include "support/catch.h"
#include "support/taste.h"

using namespace piaa;

TEST_CASE("an anonymous profile scores alike and names no photo, no time and no answers", "[anonymous]") {
    const Prior prior = test::small_prior();
    const test::Album album(prior, 30);
    UserProfile profile = test::empty_profile();
    for (int i = 29; i >= 0; --i)
        profile.set_row(test::photo_id(i), album.row(i)),
            profile.add({FeedbackKind::rating, test::photo_id(i), "",
                         std::clamp(album.liking(i, 1.5), 0.0, 1.0), 1'790'000'000 + i});
    test::prefer(profile, album, 3, 4);
    profile.set_traits(Traits{0.5, 0, 0, 0, 0});
    profile.created = profile.updated = 1'790'000'000;
    const std::string method = GENERATE("auto", "pam");
    CAPTURE(method);
    profile = adapt(prior, profile, {.method = method});

    const UserProfile given = anonymous(profile);
    for (int i = 0; i < album.size(); ++i)
        CHECK(predict(prior, given, album.row(i)).rating == predict(prior, profile, album.row(i)).rating);
    CHECK(given.events().size() == profile.events().size());
    CHECK(given.created == 0);
    CHECK(given.updated == 0);
    CHECK_FALSE(given.traits());
    const auto bytes = profile_bytes(given);
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (int i = 0; i < album.size(); ++i) CHECK(text.find(test::photo_id(i)) == std::string::npos);
    for (const Feedback& event : given.events()) CHECK(event.time == 0);
    CHECK(adapt(prior, given, {.method = method}).learned() ==
          adapt(prior, profile, {.method = method}).learned());
}
