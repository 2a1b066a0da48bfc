#pragma once

#include <piaa/export.h>
#include <piaa/model.h>
#include <piaa/profile.h>

namespace piaa {

/// The shipped model that a profile was learned on, whatever the default is. Throws Error(bad_profile),
/// saying what can be done, when it is not installed in exactly that version.
PIAA_API Model load_base_model(const UserProfile& profile, const ModelOptions& options = {});

/// Throws Error(bad_profile) when the profile was learned on another model than this one.
PIAA_API void require_base_model(const UserProfile& profile, const Model& model);

}  // namespace piaa
