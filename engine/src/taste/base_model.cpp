#include <algorithm>

#include <piaa/base_model.h>
#include <piaa/error.h>

namespace piaa {

namespace {

/// "lite (3f2a9c01)": the name and enough of the hash to tell versions apart.
std::string in_words(const std::string& name, const std::string& hash) {
    return name + " (" + hash.substr(0, 8) + ")";
}

[[noreturn]] void refuse(const UserProfile& profile, const std::string& reason) {
    throw Error(
        ErrorCode::bad_profile,
        "profile was learned on model " + in_words(profile.base().name, profile.base().hash) + reason +
            ": learn it again with \"piaa-batch adapt --migrate PROFILE --images FOLDER\", or name that "
            "model's file with --model");
}

}  // namespace

Model load_base_model(const UserProfile& profile, const ModelOptions& options) {
    const auto installed = list_models();
    const auto base = std::find_if(installed.begin(), installed.end(),
                                   [&](const auto& model) { return model.hash == profile.base().hash; });
    if (base != installed.end()) return load_model(base->name, options);

    std::string names;
    for (const auto& model : installed)
        names += (names.empty() ? "" : ", ") + in_words(model.name, model.hash);
    refuse(profile, ", which is not installed; installed is " + (names.empty() ? "none" : names));
}

void require_base_model(const UserProfile& profile, const Model& model) {
    const auto& info = model.info();
    if (info.hash != profile.base().hash || info.preprocessing != profile.base().preprocessing)
        refuse(profile, " and not on " + in_words(info.name, info.hash));
}

}  // namespace piaa
