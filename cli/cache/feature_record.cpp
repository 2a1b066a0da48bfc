#include "cache/feature_record.h"

#include <cstdint>
#include <cstring>

#include <xxhash.h>

#include <piaa/subject.h>

namespace piaa::cli {
namespace {

/// The numbers of a fixed place and size at the start of a record. In the machine's own byte order: a cache
/// is not carried from one kind of machine to another.
struct Head {
    std::uint64_t checksum = 0;  ///< of all that follows
    std::uint32_t version = feature_record_version;
    std::uint32_t flags = 0;
    std::int32_t width = 0;
    std::int32_t height = 0;
    std::uint32_t pooled = 0;
    std::uint32_t id_length = 0;
    Attributes attributes{};
};

constexpr std::size_t subject_length = std::size_t{subject_grid} * subject_grid;

std::uint64_t checksum_of(std::span<const char> record) {
    return XXH3_64bits(record.data() + sizeof(std::uint64_t), record.size() - sizeof(std::uint64_t));
}

}  // namespace

std::string content_hash(std::span<const std::byte> bytes) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
    return {reinterpret_cast<const char*>(canonical.digest), sizeof canonical.digest};
}

std::string packed_features(const Features& features, const KeptSubject& subject) {
    Head head;
    head.flags = features.flags.bits();
    head.width = features.photo.width;
    head.height = features.photo.height;
    head.pooled = static_cast<std::uint32_t>(features.pooled.size());
    head.id_length = static_cast<std::uint32_t>(features.content_id.size());
    head.attributes = features.attributes;
    std::string record(reinterpret_cast<const char*>(&head), sizeof head);
    record.append(reinterpret_cast<const char*>(features.pooled.data()),
                  features.pooled.size() * sizeof(float));
    record += features.content_id;
    record.append(subject.begin(), subject.end());
    head.checksum = checksum_of(record);
    std::memcpy(record.data(), &head.checksum, sizeof head.checksum);
    return record;
}

std::optional<KeptFeatures> unpacked_features(std::span<const std::byte> bytes) {
    const std::span record(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    Head head;
    if (record.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, record.data(), sizeof head);
    const std::uint64_t length =
        sizeof head + std::uint64_t{head.pooled} * sizeof(float) + std::uint64_t{head.id_length};
    const bool with_subject = record.size() == length + subject_length;
    if (head.version != feature_record_version || (record.size() != length && !with_subject) ||
        checksum_of(record) != head.checksum)
        return std::nullopt;
    KeptFeatures kept;
    Features& features = kept.features;
    features.flags = Flags(head.flags);
    features.photo = {head.width, head.height};
    features.attributes = head.attributes;
    features.pooled.resize(head.pooled);
    const char* next = record.data() + sizeof head;
    std::memcpy(features.pooled.data(), next, head.pooled * sizeof(float));
    next += head.pooled * sizeof(float);
    features.content_id.assign(next, head.id_length);
    if (with_subject) kept.subject.assign(next + head.id_length, next + head.id_length + subject_length);
    return kept;
}

}  // namespace piaa::cli
