#pragma once

#include <cstddef>
#include <vector>

#include <piaa/attributes.h>
#include <piaa/export.h>
#include <piaa/prior.h>
#include <piaa/profile.h>

namespace piaa {

/// How a person's taste for one attribute differs from other people's.
struct PIAA_API AttributePreference {
    Attribute attribute{};
    /// What one standard deviation more of the attribute adds to this person's score beyond what it adds to
    /// everybody's, on the scale 1 to 10; negative when they like it less than others do.
    double effect = 0;
    double deviation = 0;  ///< standard deviation of the effect, from the posterior; 0 when unknown

    /// Whether the sign can be told: the effect is more than 1.64 of its deviations from none (90 %). Never
    /// when the deviation is unknown.
    bool significant() const;
};

/// For every attribute that differs between the profile's photos, what its learned weights say, the strongest
/// effect first. Over these photos: the regression of (this person's expected rating - that of people in
/// general) on the attribute alone. Empty for fewer than three photos.
/// Throws Error(bad_profile) when the profile was learned with another prior or not learned yet.
PIAA_API std::vector<AttributePreference> attribute_preferences(const Prior& prior,
                                                                const UserProfile& profile);

/// The same for one of the style axes of train_pa().
struct PIAA_API StylePreference {
    std::size_t axis = 0;
    double effect = 0;
    double deviation = 0;

    bool significant() const;
};

/// What a profile says of each style axis, the strongest effect first. `style` is the prior the profile was
/// learned with, when that has axes, or another that knows how to read axes from its directions; empty where
/// it does not. Throws as attribute_preferences().
PIAA_API std::vector<StylePreference> style_preferences(const Prior& prior, const UserProfile& profile,
                                                        const Prior& style);

}  // namespace piaa
