#include <algorithm>
#include <array>
#include <cmath>

#include <piaa/content_id.h>
#include <piaa/error.h>
#include <piaa/profile.h>

namespace piaa {

namespace {

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::bad_argument, sentence);
}

template <typename Numbers>
bool all_finite(const Numbers& numbers) {
    for (const auto number : numbers)
        if (!std::isfinite(number)) return false;
    return true;
}

std::string in_words(std::span<const std::int64_t> shape) {
    std::string words;
    for (const auto side : shape) {
        if (!words.empty()) words += 'x';
        words += side < 0 ? "any" : std::to_string(side);
    }
    return words.empty() ? "a single number" : words;
}

bool fits(std::span<const std::int64_t> shape, std::span<const std::int64_t> wanted) {
    if (shape.size() != wanted.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (wanted[i] >= 0 && shape[i] != wanted[i]) return false;
    return true;
}

/// Whether shape multiplies to `count`, without overflow on the way.
bool holds(std::span<const std::int64_t> shape, std::size_t count) {
    std::size_t product = 1;
    for (const auto side : shape) {
        if (side < 0) return false;
        if (side != 0 && product > (std::size_t{1} << 40) / static_cast<std::size_t>(side)) return false;
        product *= static_cast<std::size_t>(side);
    }
    return product == count;
}

}  // namespace

const LearnedTensor& Learned::tensor(const std::string& name, std::span<const std::int64_t> shape) const {
    const auto found = tensors.find(name);
    if (found == tensors.end())
        throw Error(ErrorCode::bad_profile,
                    "profile of method '" + method + "' lacks the tensor '" + name + "'");
    if (!fits(found->second.shape, shape))
        throw Error(ErrorCode::bad_profile, "profile's tensor '" + name + "' is " +
                                                in_words(found->second.shape) + " and should be " +
                                                in_words(shape));
    return found->second;
}

std::span<const float> Learned::weights(std::size_t size) const {
    return tensor("weights", std::array{static_cast<std::int64_t>(size)}).values;
}

std::span<const float> Learned::covariance(std::size_t size) const {
    if (!tensors.contains("covariance")) return {};
    const auto length = static_cast<std::int64_t>(size);
    return tensor("covariance", std::array{length, length}).values;
}

double Learned::number(const std::string& name) const {
    const auto found = numbers.find(name);
    if (found == numbers.end())
        throw Error(ErrorCode::bad_profile,
                    "profile of method '" + method + "' lacks the number '" + name + "'");
    return found->second;
}

void UserProfile::set_row(const std::string& content_id, std::vector<float> row) {
    if (content_id.empty()) refuse("photo has an empty content id");
    if (row.empty() || row.size() > longest_row)
        refuse("feature row of photo " + content_id + " has " + std::to_string(row.size()) +
               " numbers and should have 1 to " + std::to_string(longest_row));
    if (!rows_.empty() && row.size() != rows_.begin()->second.size())
        refuse("feature row of photo " + content_id + " has " + std::to_string(row.size()) +
               " numbers and should have " + std::to_string(rows_.begin()->second.size()) +
               " as the rows before");
    if (!all_finite(row)) refuse("feature row of photo " + content_id + " holds a number that is not finite");
    rows_[content_id] = std::move(row);
}

void UserProfile::add(Feedback event) {
    if (!rows_.contains(event.photo))
        refuse("event names photo '" + event.photo + "', which has no feature row");
    const std::string value = std::to_string(event.value);
    if (event.kind == FeedbackKind::rating) {
        if (!event.other.empty()) refuse("rating names a second photo '" + event.other + "'");
        if (!(event.value >= 0 && event.value <= 1))
            refuse("rating is " + value + " and should lie between 0 and 1");
    } else {
        if (!rows_.contains(event.other))
            refuse("comparison names photo '" + event.other + "', which has no feature row");
        if (event.photo == event.other) refuse("photo '" + event.photo + "' is compared with itself");
        if (!(event.value > 0 && event.value <= 1))
            refuse("weight of a comparison is " + value + " and should be above 0 and at most 1");
    }
    events_.push_back(std::move(event));
}

void UserProfile::add_order(std::span<const std::string> content_ids, std::int64_t time) {
    if (content_ids.size() < 2)
        refuse("an order has " + std::to_string(content_ids.size()) + " photos and should have 2 or more");
    const double weight = 2 / static_cast<double>(content_ids.size());
    const std::size_t before = events_.size();
    try {
        for (std::size_t i = 0; i < content_ids.size(); ++i)
            for (std::size_t j = i + 1; j < content_ids.size(); ++j)
                add({FeedbackKind::comparison, content_ids[i], content_ids[j], weight, time});
    } catch (const Error&) {
        events_.resize(before);
        throw;
    }
}

bool UserProfile::remove(const Feedback& event) {
    const auto found = std::find(events_.rbegin(), events_.rend(), event);
    if (found == events_.rend()) return false;
    events_.erase(std::next(found).base());
    for (const std::string& photo : {event.photo, event.other})
        if (std::none_of(events_.begin(), events_.end(),
                         [&](const Feedback& each) { return each.photo == photo || each.other == photo; }))
            rows_.erase(photo);
    return true;
}

std::size_t UserProfile::forget(const std::string& content_id) {
    rows_.erase(content_id);
    return std::erase_if(events_, [&](const Feedback& event) {
        return event.photo == content_id || event.other == content_id;
    });
}

std::size_t UserProfile::forget_ratings(const std::string& content_id) {
    const std::size_t count = std::erase_if(events_, [&](const Feedback& event) {
        return event.kind == FeedbackKind::rating && event.photo == content_id;
    });
    const bool named = std::any_of(events_.begin(), events_.end(), [&](const Feedback& event) {
        return event.photo == content_id || event.other == content_id;
    });
    if (!named) rows_.erase(content_id);
    return count;
}

std::optional<std::string> UserProfile::find(const std::string& content_id) const {
    if (rows_.contains(content_id)) return content_id;
    std::optional<std::string> nearest;
    for (const auto& [id, row] : rows_)
        if (same_photo(id, content_id) &&
            (!nearest || *differing_bits(id, content_id) < *differing_bits(*nearest, content_id)))
            nearest = id;
    return nearest;
}

std::optional<std::string> UserProfile::find(const std::string& content_id,
                                             const std::vector<float>& row) const {
    if (auto id = find(content_id)) return id;
    const auto same = std::find_if(rows_.begin(), rows_.end(), [&](const auto& known) {
        return !differing_bits(known.first, content_id) && known.second == row;
    });
    return same == rows_.end() ? std::nullopt : std::optional(same->first);
}

void UserProfile::set_learned(Learned learned) {
    for (const auto& [name, tensor] : learned.tensors) {
        if (!holds(tensor.shape, tensor.values.size()))
            refuse("learned tensor '" + name + "' has " + std::to_string(tensor.values.size()) +
                   " values and the shape " + in_words(tensor.shape));
        if (!all_finite(tensor.values))
            refuse("learned tensor '" + name + "' holds a number that is not finite");
    }
    for (const auto& [name, number] : learned.numbers)
        if (learned.tensors.contains(name) || learned.strings.contains(name))
            refuse("learned value '" + name + "' is there twice");
    for (const auto& [name, text] : learned.strings)
        if (learned.tensors.contains(name)) refuse("learned value '" + name + "' is there twice");
    for (const auto& [name, number] : learned.numbers)
        if (!std::isfinite(number)) refuse("learned number '" + name + "' is not finite");
    if (const auto& a = learned.agreement)
        if (!all_finite(std::vector{a->value, a->low, a->high, a->gain, a->gain_low, a->gain_high}))
            refuse("held-out agreement holds a number that is not finite");
    learned_ = std::move(learned);
}

void UserProfile::set_traits(const std::optional<Traits>& traits) {
    if (traits)
        for (const double trait : *traits)
            if (!(trait >= -1 && trait <= 1))
                refuse("a trait is " + std::to_string(trait) + " and should be from -1 to 1");
    traits_ = traits;
}

}  // namespace piaa
