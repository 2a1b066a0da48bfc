#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <boost/crc.hpp>

namespace piaa::test {

/// Writes zip archives member by member, right or wrong, so that tests can put anything inside.
class ZipBuilder {
public:
    struct Lies {
        std::uint16_t method = 0;          ///< 0 stored, 8 deflated
        std::int64_t size = -1;            ///< what the directory says; the truth when negative
        std::int64_t offset = -1;          ///< likewise
        std::uint32_t checksum_error = 0;  ///< flips these bits of the checksum
    };

    void add(const std::string& name, const std::string& content) { add(name, content, Lies{}); }

    void add(const std::string& name, const std::string& content, const Lies& lies) {
        boost::crc_32_type crc;
        crc.process_bytes(content.data(), content.size());
        const auto size = lies.size < 0 ? static_cast<std::uint32_t>(content.size())
                                        : static_cast<std::uint32_t>(lies.size);
        std::string common = number<std::uint16_t>(20) + number<std::uint16_t>(0) + number(lies.method) +
                             number<std::uint32_t>(0x210000) + number(crc.checksum() ^ lies.checksum_error) +
                             number(size) + number(size) + number(static_cast<std::uint16_t>(name.size())) +
                             number<std::uint16_t>(0);
        const auto offset = lies.offset < 0 ? static_cast<std::uint32_t>(file_.size())
                                            : static_cast<std::uint32_t>(lies.offset);
        file_ += "PK\3\4" + common + name + content;
        directory_ +=
            "PK\1\2" + number<std::uint16_t>(20) + common + std::string(10, '\0') + number(offset) + name;
        ++members_;
    }

    std::string finish() const {
        return file_ + directory_ + "PK\5\6" + std::string(4, '\0') + number(members_) + number(members_) +
               number(static_cast<std::uint32_t>(directory_.size())) +
               number(static_cast<std::uint32_t>(file_.size())) + std::string(2, '\0');
    }

private:
    template <typename Number>
    static std::string number(Number value) {
        return {reinterpret_cast<const char*>(&value), sizeof value};
    }

    std::string file_;
    std::string directory_;
    std::uint16_t members_ = 0;
};

inline std::span<const std::byte> as_bytes(const std::string& text) {
    return std::as_bytes(std::span(text));
}

}  // namespace piaa::test
