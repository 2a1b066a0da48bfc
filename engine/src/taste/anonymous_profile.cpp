#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <piaa/anonymous_profile.h>

namespace piaa {

UserProfile anonymous(const UserProfile& profile) {
    UserProfile result(profile.base());
    // In the order of the ids, because what is learned may name photos by their place in it.
    std::map<std::string, std::string> names;
    for (const auto& [id, row] : profile.rows()) {
        char name[32];
        std::snprintf(name, sizeof name, "photo-%06zu", names.size() + 1);
        names[id] = name;
        result.set_row(name, row);
    }
    std::vector<Feedback> events = profile.events();
    for (Feedback& event : events) {
        event.photo = names.at(event.photo);
        if (!event.other.empty()) event.other = names.at(event.other);
        event.time = 0;
    }
    std::stable_sort(events.begin(), events.end(), [](const Feedback& a, const Feedback& b) {
        return std::tie(a.photo, a.other, a.value) < std::tie(b.photo, b.other, b.value);
    });
    for (Feedback& event : events) result.add(std::move(event));
    result.set_learned(profile.learned());
    return result;
}

}  // namespace piaa
