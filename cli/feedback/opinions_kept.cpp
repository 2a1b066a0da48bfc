#include "feedback/opinions_kept.h"

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include <boost/filesystem/operations.hpp>

#include <piaa/content_id.h>
#include <piaa/error.h>

#include "console/counted.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// What an opinion is about. People change their minds, so what they say of it and when does not count.
using Subject = std::tuple<FeedbackKind, std::string, std::string>;

std::optional<UserProfile> profile_in(const fs::path& file) {
    boost::system::error_code ignored;
    if (!fs::exists(file, ignored)) return std::nullopt;
    try {
        return load_profile(file);
    } catch (const Error& error) {
        throw Error(error.code(), std::string(error.what()) + "; it is not written over");
    }
}

/// What each photo of one profile is called in another that knows it.
std::map<std::string, std::string> names_in(const UserProfile& other, const UserProfile& profile) {
    std::map<std::vector<float>, std::string> by_row;
    for (const auto& [id, row] : other.rows()) by_row.emplace(row, id);
    std::map<std::string, std::string> names;
    for (const auto& [id, row] : profile.rows()) {
        // An anonymous profile numbers its photos, so the same name may be another photo's there.
        const bool named = same_photo(id, id);
        if (const auto known = named ? other.find(id) : std::nullopt)
            names[id] = *known;
        else if (const auto same = by_row.find(row); !named && same != by_row.end())
            names[id] = same->second;
    }
    return names;
}

/// Whether a folder of chosen photos may have taught it: they have one value, all others another.
bool is_guessed(const UserProfile& profile) {
    std::set<double> values;
    for (const Feedback& event : profile.events()) values.insert(event.value);
    return values.size() <= 2;
}

std::size_t count_lost(const UserProfile& earlier, const UserProfile& later, bool guessed) {
    if (guessed && !is_guessed(earlier)) return earlier.events().size();
    std::set<Subject> kept;
    for (const Feedback& event : later.events()) kept.emplace(event.kind, event.photo, event.other);
    auto names = names_in(later, earlier);
    std::size_t lost = 0;
    for (const Feedback& event : earlier.events())
        lost += !kept.contains({event.kind, names[event.photo], names[event.other]});
    return lost;
}

}  // namespace

void require_profile_or_nothing(const fs::path& file) {
    profile_in(file);
}

void require_opinions_kept(const fs::path& file, const UserProfile& later, bool guessed,
                           const std::string& remedy) {
    const auto earlier = profile_in(file);
    const std::size_t lost = earlier ? count_lost(*earlier, later, guessed) : 0;
    if (lost > 0)
        throw Error(ErrorCode::bad_argument, file.string() + ": would lose " + std::to_string(lost) +
                                                 " of its " + counted(earlier->events().size(), "opinion") +
                                                 "; " + remedy);
}

}  // namespace piaa::cli
