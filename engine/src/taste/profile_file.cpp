#include <algorithm>
#include <cmath>
#include <limits>

#include <piaa/error.h>
#include <piaa/profile.h>
#include <piaa/sha256.h>
#include <piaa/whole_file.h>

#include "io/plain_dict.h"

namespace piaa {

namespace {

constexpr std::size_t largest_file = 32 << 20;
const std::string kind = "piaa profile";
const std::string learned_prefix = "learned.";  // before the names that methods choose

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorCode::bad_profile, reason);
}

// Writing.

PlainTensor tensor(PlainTensor::Type type, std::vector<std::int64_t> shape, std::vector<double> values) {
    return {type, std::move(shape), std::move(values)};
}

void write_rows(PlainDict& dict, const UserProfile& profile) {
    PlainList ids;
    std::vector<double> values;
    for (const auto& [id, row] : profile.rows()) {
        ids.emplace_back(id);
        values.insert(values.end(), row.begin(), row.end());
    }
    const auto count = static_cast<std::int64_t>(ids.size());
    const auto length = count == 0 ? 0 : static_cast<std::int64_t>(values.size()) / count;
    dict["photo_ids"] = std::move(ids);
    dict["photo_rows"] = tensor(PlainTensor::Type::float32, {count, length}, std::move(values));
}

const char* gesture_name(FeedbackKind kind) {
    return kind == FeedbackKind::rating ? "rating" : "comparison";
}

/// Events name photos by their place in photo_ids, -1 for none.
void write_events(PlainDict& dict, const UserProfile& profile) {
    std::map<std::string, double> places;
    for (const auto& [id, row] : profile.rows()) places.emplace(id, static_cast<double>(places.size()));
    PlainList gestures;
    std::vector<double> photos, others, values, times;
    for (const auto& event : profile.events()) {
        gestures.emplace_back(gesture_name(event.kind));
        photos.push_back(places.at(event.photo));
        others.push_back(event.other.empty() ? -1 : places.at(event.other));
        values.push_back(event.value);
        times.push_back(static_cast<double>(event.time));
    }
    const auto count = static_cast<std::int64_t>(gestures.size());
    dict["event_gestures"] = std::move(gestures);
    dict["event_photos"] = tensor(PlainTensor::Type::int64, {count}, std::move(photos));
    dict["event_others"] = tensor(PlainTensor::Type::int64, {count}, std::move(others));
    dict["event_values"] = tensor(PlainTensor::Type::float64, {count}, std::move(values));
    dict["event_times"] = tensor(PlainTensor::Type::int64, {count}, std::move(times));
}

void write_agreement(PlainDict& dict, const Agreement& agreement) {
    dict["agreement"] = agreement.value;
    dict["agreement_low"] = agreement.low;
    dict["agreement_high"] = agreement.high;
    dict["gain"] = agreement.gain;
    dict["gain_low"] = agreement.gain_low;
    dict["gain_high"] = agreement.gain_high;
    dict["held_out_photos"] = agreement.photos;
}

void write_learned(PlainDict& dict, const Learned& learned) {
    dict["method"] = learned.method;
    dict["prior"] = learned.prior;
    if (learned.agreement) write_agreement(dict, *learned.agreement);
    for (const auto& [name, block] : learned.tensors)
        dict[learned_prefix + name] =
            tensor(PlainTensor::Type::float32, block.shape, {block.values.begin(), block.values.end()});
    for (const auto& [name, number] : learned.numbers) dict[learned_prefix + name] = number;
    for (const auto& [name, text] : learned.strings) dict[learned_prefix + name] = text;
}

// Reading.

/// A value of the dict that must be there and be of this kind.
template <typename Kind>
const Kind& get(const PlainDict& dict, const std::string& key) {
    const auto found = dict.find(key);
    if (found == dict.end()) refuse("profile lacks '" + key + "'");
    const auto* value = std::get_if<Kind>(&found->second);
    if (value == nullptr) refuse("profile's '" + key + "' is of the wrong type");
    return *value;
}

/// A number, which Python may have written as a whole one.
double get_number(const PlainDict& dict, const std::string& key) {
    const auto found = dict.find(key);
    if (found != dict.end())
        if (const auto* whole = std::get_if<std::int64_t>(&found->second)) return static_cast<double>(*whole);
    return get<double>(dict, key);
}

const std::vector<double>& get_column(const PlainDict& dict, const std::string& key, PlainTensor::Type type,
                                      std::size_t length) {
    const auto& column = get<PlainTensor>(dict, key);
    if (column.type != type || column.shape.size() != 1)
        refuse("profile's '" + key + "' is of the wrong type");
    if (column.values.size() != length)
        refuse("profile's '" + key + "' has " + std::to_string(column.values.size()) +
               " values and should have " + std::to_string(length));
    return column.values;
}

void read_rows(const PlainDict& dict, const std::vector<std::string>& ids, UserProfile& profile) {
    const auto& rows = get<PlainTensor>(dict, "photo_rows");
    if (rows.type != PlainTensor::Type::float32 || rows.shape.size() != 2 ||
        rows.shape[0] != static_cast<std::int64_t>(ids.size()))
        refuse("profile's 'photo_rows' should be float32 with " + std::to_string(ids.size()) + " rows");
    const auto length = ids.empty() ? 0 : rows.values.size() / ids.size();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto first = rows.values.begin() + static_cast<std::ptrdiff_t>(i * length);
        profile.set_row(ids[i], {first, first + static_cast<std::ptrdiff_t>(length)});
    }
    if (profile.rows().size() != ids.size()) refuse("profile's 'photo_ids' names a photo twice");
}

FeedbackKind gesture_of(const std::string& name) {
    for (const FeedbackKind kind : {FeedbackKind::rating, FeedbackKind::comparison})
        if (name == gesture_name(kind)) return kind;
    refuse("profile holds the unknown kind '" + name.substr(0, 40) + "'");
}

const std::string& photo_at(const std::vector<std::string>& ids, double place) {
    if (!(place >= 0) || place >= static_cast<double>(ids.size()))
        refuse("profile's event names photo number " + std::to_string(std::llround(place)) + " of " +
               std::to_string(ids.size()));
    return ids[static_cast<std::size_t>(place)];
}

void read_events(const PlainDict& dict, const std::vector<std::string>& ids, UserProfile& profile) {
    using enum PlainTensor::Type;
    const auto& gestures = get<PlainList>(dict, "event_gestures");
    const auto& photos = get_column(dict, "event_photos", int64, gestures.size());
    const auto& others = get_column(dict, "event_others", int64, gestures.size());
    const auto& values = get_column(dict, "event_values", float64, gestures.size());
    const auto& times = get_column(dict, "event_times", int64, gestures.size());
    for (std::size_t i = 0; i < gestures.size(); ++i)
        profile.add({gesture_of(gestures[i]), photo_at(ids, photos[i]),
                     others[i] == -1 ? std::string() : photo_at(ids, others[i]), values[i],
                     static_cast<std::int64_t>(times[i])});
}

std::optional<Agreement> read_agreement(const PlainDict& dict) {
    if (!dict.contains("agreement")) return std::nullopt;
    return Agreement{get_number(dict, "agreement"),
                     get_number(dict, "agreement_low"),
                     get_number(dict, "agreement_high"),
                     get_number(dict, "gain"),
                     get_number(dict, "gain_low"),
                     get_number(dict, "gain_high"),
                     get<std::int64_t>(dict, "held_out_photos")};
}

void read_traits(const PlainDict& dict, UserProfile& profile) {
    if (!dict.contains("traits")) return;
    const auto& values = get_column(dict, "traits", PlainTensor::Type::float64, trait_count);
    Traits traits;
    std::copy(values.begin(), values.end(), traits.begin());
    profile.set_traits(traits);
}

void read_learned(const PlainDict& dict, UserProfile& profile) {
    Learned learned;
    learned.method = get<std::string>(dict, "method");
    learned.prior = get<std::string>(dict, "prior");
    learned.agreement = read_agreement(dict);
    for (const auto& [key, value] : dict) {
        if (!key.starts_with(learned_prefix)) continue;
        const std::string name = key.substr(learned_prefix.size());
        if (const auto* block = std::get_if<PlainTensor>(&value)) {
            if (block->type != PlainTensor::Type::float32)
                refuse("profile's '" + key + "' should be float32");
            learned.tensors[name] = {block->shape, {block->values.begin(), block->values.end()}};
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            learned.strings[name] = *text;
        } else {
            learned.numbers[name] = get_number(dict, key);
        }
    }
    profile.set_learned(std::move(learned));
}

UserProfile read_profile(const PlainDict& dict) {
    if (get<std::string>(dict, "kind") != kind) refuse("PyTorch file is not a profile");
    const auto schema = get<std::int64_t>(dict, "schema");
    if (schema != UserProfile::schema)
        refuse("profile has schema " + std::to_string(schema) + " and should have " +
               std::to_string(UserProfile::schema));
    UserProfile profile({get<std::string>(dict, "model"), get<std::string>(dict, "model_hash"),
                         get<std::string>(dict, "preprocessing")});
    const auto& ids = get<PlainList>(dict, "photo_ids");
    read_rows(dict, ids, profile);
    read_events(dict, ids, profile);
    read_learned(dict, profile);
    read_traits(dict, profile);
    profile.created = get<std::int64_t>(dict, "created");
    profile.updated = get<std::int64_t>(dict, "updated");
    return profile;
}

}  // namespace

std::vector<std::byte> profile_bytes(const UserProfile& profile) {
    PlainDict dict;
    dict["kind"] = kind;
    dict["schema"] = std::int64_t{UserProfile::schema};
    dict["model"] = profile.base().name;
    dict["model_hash"] = profile.base().hash;
    dict["preprocessing"] = profile.base().preprocessing;
    dict["created"] = profile.created;
    dict["updated"] = profile.updated;
    write_rows(dict, profile);
    write_events(dict, profile);
    write_learned(dict, profile.learned());
    if (const auto& traits = profile.traits())
        dict["traits"] = tensor(PlainTensor::Type::float64, {static_cast<std::int64_t>(trait_count)},
                                {traits->begin(), traits->end()});
    return write_torch_archive(dict);
}

std::string profile_hash(const UserProfile& profile) {
    return sha256(profile_bytes(profile));
}

UserProfile parse_profile(std::span<const std::byte> bytes, const std::string& name) {
    try {
        return read_profile(read_torch_archive(bytes));
    } catch (const Error& error) {
        throw Error(ErrorCode::bad_profile, name + ": " + error.what());
    }
}

UserProfile load_profile(const boost::filesystem::path& file) {
    return parse_profile(read_whole_file(file, largest_file), file.string());
}

void save_profile(const boost::filesystem::path& file, const UserProfile& profile) {
    write_whole_file(file, profile_bytes(profile));
}

}  // namespace piaa
