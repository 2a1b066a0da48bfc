#include "feedback/pooled_profiles.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include <piaa/adapt.h>
#include <piaa/anonymous_profile.h>
#include <piaa/content_id.h>
#include <piaa/statistics.h>

#include "console/counted.h"
#include "console/escape.h"

namespace piaa::cli {
namespace {

/// How somebody uses their scale.
struct Habit {
    double mean = 0.5;
    double deviation = 0;
};

Habit habit_of(const UserProfile& person) {
    double sum = 0, squares = 0, count = 0;
    for (const Feedback& event : person.events()) {
        if (event.kind != FeedbackKind::rating) continue;
        sum += event.value;
        squares += event.value * event.value;
        ++count;
    }
    if (count == 0) return {};
    const double mean = sum / count;
    return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

Habit mean_habit(const std::vector<Habit>& habits) {
    Habit mean{0, 0};
    for (const Habit& habit : habits) {
        mean.mean += habit.mean / static_cast<double>(habits.size());
        mean.deviation += habit.deviation / static_cast<double>(habits.size());
    }
    return mean;
}

/// A rating as somebody with the other habit would have given it.
double translated(double rating, const Habit& from, const Habit& to) {
    const double scale = from.deviation > 0 ? to.deviation / from.deviation : 0;
    return std::clamp(to.mean + (rating - from.mean) * scale, 0.0, 1.0);
}

/// The photos of all people, each in the version that is met first.
class PooledPhotos {
public:
    explicit PooledPhotos(const std::vector<UserProfile>& people) : all_(people.front().base()) {
        for (const UserProfile& person : people)
            for (const auto& [id, row] : person.rows()) {
                const auto known = all_.find(id);
                // Anonymous profiles have other ids for the same photo, but the same numbers.
                const std::string& same = known ? *known : by_row_.emplace(row, id).first->second;
                if (same == id) all_.set_row(id, row);
                name_.emplace(id, same);
            }
    }

    const auto& rows() const { return all_.rows(); }
    /// What a photo of one of them is called among all.
    const std::string& name_of(const std::string& id) const { return name_.at(id); }

private:
    UserProfile all_;
    std::map<std::vector<float>, std::string> by_row_;
    std::map<std::string, std::string> name_;
};

bool is_anonymous(const UserProfile& person) {
    return std::any_of(person.rows().begin(), person.rows().end(), [](const auto& photo) {
        return !same_photo(photo.first, photo.first);  // no content id
    });
}

}  // namespace

bool is_same_person(const UserProfile& one, const UserProfile& other) {
    if (!is_anonymous(one) && !is_anonymous(other)) return one.events() == other.events();
    const UserProfile nobody = anonymous(one), nobody_else = anonymous(other);
    return nobody.rows() == nobody_else.rows() && nobody.events() == nobody_else.events();
}

UserProfile pooled_profiles(const std::vector<UserProfile>& people) {
    std::vector<Habit> habits;
    habits.reserve(people.size());
    for (const UserProfile& person : people) habits.push_back(habit_of(person));
    const Habit common = mean_habit(habits);
    const PooledPhotos photos(people);
    UserProfile pool(people.front().base());
    for (const auto& [id, row] : photos.rows()) pool.set_row(id, row);
    for (std::size_t i = 0; i < people.size(); ++i)
        for (Feedback event : people[i].events()) {
            event.photo = photos.name_of(event.photo);
            if (event.kind == FeedbackKind::rating) {
                event.value = translated(event.value, habits[i], common);
            } else {
                event.other = photos.name_of(event.other);
                if (event.other == event.photo) continue;  // two versions of one photo to somebody else
            }
            pool.add(std::move(event));
        }
    return pool;
}

PoolReport compare_pool(const Prior& prior, const UserProfile& pool, const std::vector<UserProfile>& people,
                        const std::vector<std::string>& names) {
    constexpr double points = 9;  // from 0..1 to 1..10
    const auto& rows = pool.rows();
    std::vector<std::vector<double>> own(people.size());  // what each says beyond people in general
    PoolReport report;
    report.photos = rows.size();
    for (const auto& [id, row] : rows) {
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < people.size(); ++i) {
            const double said = points * predict(prior, people[i], row).rating;
            own[i].push_back(said - points * row.front());
            sum += said;
            squares += said * said;
        }
        const auto count = static_cast<double>(people.size());
        const double mean = sum / count;
        const double variance = std::max(0.0, squares / count - mean * mean) * count / (count - 1);
        report.spread += std::sqrt(variance) / static_cast<double>(rows.size());
    }
    for (std::size_t i = 0; i < people.size(); ++i) {
        double agreement = 0;
        for (std::size_t other = 0; other < people.size(); ++other)
            if (other != i)
                agreement += spearman(own[i], own[other]) / static_cast<double>(people.size() - 1);
        report.members.push_back({names[i], people[i].events().size(), agreement});
    }
    std::stable_sort(report.members.begin(), report.members.end(),
                     [](const auto& a, const auto& b) { return a.agreement < b.agreement; });
    return report;
}

std::string in_words(const PoolReport& report) {
    std::string text = fmt::format("pooled: {} differ by {:.2f} points of 10 on average, over {}\n",
                                   counted(report.members.size(), "person", "people"), report.spread,
                                   counted(report.photos, "photo"));
    for (const auto& member : report.members)
        text += fmt::format("  own taste agrees with the {} by {:+.2f}: {}, {}\n",
                            report.members.size() > 2 ? "others" : "other", member.agreement,
                            printable(member.name), counted(member.opinions, "opinion"));
    return text;
}

nlohmann::ordered_json pool_record(const PoolReport& report) {
    nlohmann::ordered_json record{
        {"photos", report.photos}, {"spread", report.spread}, {"people", nlohmann::ordered_json::array()}};
    for (const auto& member : report.members)
        record["people"].push_back({{"profile", percent_escaped(member.name)},
                                    {"opinions", member.opinions},
                                    {"agreement", member.agreement}});
    return record;
}

}  // namespace piaa::cli
