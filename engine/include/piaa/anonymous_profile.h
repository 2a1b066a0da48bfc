#pragma once

#include <piaa/export.h>
#include <piaa/profile.h>

namespace piaa {

/// The profile for somebody else: the same ratings, comparisons, feature rows and learned numbers, so the
/// same scores, but photos are called photo-000001 and so on, no content id tells which they were, all times
/// are 0, events stand in the order of photos and the questionnaire's answers are out. What the rows say of
/// the photos' looks stays.
PIAA_API UserProfile anonymous(const UserProfile& profile);

}  // namespace piaa
