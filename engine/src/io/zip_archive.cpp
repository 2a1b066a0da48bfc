#include "io/zip_archive.h"

#include <algorithm>
#include <cstdint>

#include <boost/crc.hpp>

#include "io/byte_reader.h"

namespace piaa {

namespace {

constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::uint32_t central_signature = 0x02014b50;
constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::size_t local_size = 30;
constexpr std::size_t end_size = 22;
constexpr std::size_t alignment = 64;
constexpr std::size_t longest_comment = 65535;
constexpr std::uint16_t stored = 0;
constexpr std::uint16_t encrypted_flag = 1;
constexpr std::uint16_t utf8_flag = 0x800;
constexpr std::uint16_t first_of_january_1980 = 0x21;

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorCode::bad_profile, reason);
}

std::uint32_t checksum(std::span<const std::byte> bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

/// The fields that a local and a central header share, from the version needed to the name's length.
void write_common_header(ByteWriter& out, const ZipMember& member) {
    out.number<std::uint16_t>(20);  // version needed
    out.number(utf8_flag);
    out.number(stored);
    out.number<std::uint16_t>(0);  // time
    out.number(first_of_january_1980);
    out.number(checksum(member.bytes));
    out.number(static_cast<std::uint32_t>(member.bytes.size()));
    out.number(static_cast<std::uint32_t>(member.bytes.size()));
    out.number(static_cast<std::uint16_t>(member.name.size()));
}

/// An extra field that moves the data to a multiple of 64 bytes; PyTorch's own uses the same tag.
void write_padding(ByteWriter& out, std::size_t padding) {
    out.text("FB");
    out.number(static_cast<std::uint16_t>(padding - 4));
    out.text(std::string(padding - 4, 'Z'));
}

/// Where the list of members stands, from the record at the end of the file.
struct Directory {
    std::size_t offset;
    std::size_t size;
    std::size_t members;
};

Directory find_directory(std::span<const std::byte> file) {
    if (file.size() < end_size) refuse("not a profile: too short for a zip archive");
    const std::size_t first = file.size() - std::min(file.size(), end_size + longest_comment);
    for (std::size_t at = file.size() - end_size + 1; at-- > first;) {
        ByteReader in(file.subspan(at));
        if (in.number<std::uint32_t>() != end_signature) continue;
        const auto disk = in.number<std::uint16_t>();
        const auto directory_disk = in.number<std::uint16_t>();
        const auto members_here = in.number<std::uint16_t>();
        const auto members = in.number<std::uint16_t>();
        const auto size = in.number<std::uint32_t>();
        const auto offset = in.number<std::uint32_t>();
        const auto comment = in.number<std::uint16_t>();
        if (comment != in.left()) continue;
        if (disk != 0 || directory_disk != 0 || members_here != members)
            refuse("zip archive is split over several files");
        if (offset > at || size > at - offset) refuse("zip archive's list of members lies outside the file");
        return {offset, size, members};
    }
    refuse("not a profile: no whole zip archive, which may have been cut off");
}

/// Views the data of a member, from its local header; the sizes come from the central directory.
std::span<const std::byte> member_data(std::span<const std::byte> file, std::size_t offset, std::size_t size,
                                       const std::string& name) {
    if (offset > file.size()) refuse("zip member '" + name + "' lies outside the file");
    ByteReader in(file.subspan(offset));
    const auto header = in.take(local_size);
    ByteReader fields(header);
    if (fields.number<std::uint32_t>() != local_signature) refuse("zip member '" + name + "' has no header");
    fields.take(22);
    const auto name_length = fields.number<std::uint16_t>();
    const auto extra_length = fields.number<std::uint16_t>();
    if (in.text(name_length) != name) refuse("zip member '" + name + "' has another name in its header");
    in.take(extra_length);
    return in.take(size);
}

struct Entry {
    std::string name;
    std::span<const std::byte> data;
    std::uint32_t checksum;
};

/// The next line of the central directory.
Entry read_entry(ByteReader& in, std::span<const std::byte> file) {
    if (in.number<std::uint32_t>() != central_signature) refuse("zip archive's list of members is damaged");
    in.take(4);  // versions
    const auto flags = in.number<std::uint16_t>();
    const auto method = in.number<std::uint16_t>();
    in.take(4);  // time and date
    const auto crc = in.number<std::uint32_t>();
    const auto packed_size = in.number<std::uint32_t>();
    const auto size = in.number<std::uint32_t>();
    const auto name_length = in.number<std::uint16_t>();
    const auto extra_length = in.number<std::uint16_t>();
    const auto comment_length = in.number<std::uint16_t>();
    in.take(8);  // disk and attributes
    const auto offset = in.number<std::uint32_t>();
    const std::string name = in.text(name_length);
    in.take(std::size_t{extra_length} + comment_length);

    if ((flags & encrypted_flag) != 0 || method != stored || packed_size != size)
        refuse("zip member '" + name + "' is compressed or encrypted and should be stored");
    return {name, member_data(file, offset, size, name), crc};
}

/// Entries that share bytes would make a small file cost the reading of a large one.
void refuse_overlaps(std::span<const Entry> entries) {
    std::vector<std::span<const std::byte>> ranges;
    for (const auto& entry : entries)
        if (!entry.data.empty()) ranges.push_back(entry.data);
    std::ranges::sort(ranges, {}, [](const auto& range) { return range.data(); });
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i - 1].data() + ranges[i - 1].size() > ranges[i].data()) refuse("zip members overlap");
}

}  // namespace

std::vector<std::byte> write_zip_archive(std::span<const ZipMember> members) {
    ByteWriter out;
    std::vector<std::size_t> offsets;
    for (const auto& member : members) {
        offsets.push_back(out.size());
        const std::size_t unpadded = out.size() + local_size + member.name.size();
        std::size_t padding = (alignment - unpadded % alignment) % alignment;
        if (padding != 0 && padding < 4) padding += alignment;
        out.number(local_signature);
        write_common_header(out, member);
        out.number(static_cast<std::uint16_t>(padding));
        out.text(member.name);
        if (padding != 0) write_padding(out, padding);
        out.bytes(member.bytes);
    }
    const std::size_t directory = out.size();
    for (std::size_t i = 0; i < members.size(); ++i) {
        out.number(central_signature);
        out.number<std::uint16_t>(20);  // version made by
        write_common_header(out, members[i]);
        out.number<std::uint16_t>(0);  // extra field
        out.number<std::uint16_t>(0);  // comment
        out.number<std::uint16_t>(0);  // disk
        out.number<std::uint16_t>(0);  // internal attributes
        out.number<std::uint32_t>(0);  // external attributes
        out.number(static_cast<std::uint32_t>(offsets[i]));
        out.text(members[i].name);
    }
    const std::size_t directory_size = out.size() - directory;
    out.number(end_signature);
    out.number<std::uint16_t>(0);  // this disk
    out.number<std::uint16_t>(0);  // the directory's disk
    out.number(static_cast<std::uint16_t>(members.size()));
    out.number(static_cast<std::uint16_t>(members.size()));
    out.number(static_cast<std::uint32_t>(directory_size));
    out.number(static_cast<std::uint32_t>(directory));
    out.number<std::uint16_t>(0);  // comment
    return out.take();
}

std::map<std::string, std::span<const std::byte>> read_zip_archive(std::span<const std::byte> file) {
    const Directory directory = find_directory(file);
    ByteReader in(file.subspan(directory.offset, directory.size));
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < directory.members; ++i) entries.push_back(read_entry(in, file));
    refuse_overlaps(entries);

    std::map<std::string, std::span<const std::byte>> members;
    for (const auto& [name, data, expected] : entries) {
        if (checksum(data) != expected) refuse("zip member '" + name + "' is damaged: its checksum differs");
        if (!members.emplace(name, data).second) refuse("zip member '" + name + "' is there twice");
    }
    return members;
}

}  // namespace piaa
