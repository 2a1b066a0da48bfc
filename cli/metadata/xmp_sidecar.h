#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// The namespace of what only piaa says in XMP; its prefix is "piaa": "Xmp.piaa.Score".
constexpr const char* piaa_xmp_namespace = "urn:piaa:xmp:1.0#";

/// Starts exiv2, for all that reads or writes metadata: its XMP toolkit must be started once before threads
/// use it, and its warnings are not ours to print.
void start_exiv2();

/// The sidecar that a photo has: beach.jpg.xmp as darktable and digiKam name it, else beach.xmp as Lightroom
/// does, unless that is another photo's (a.xmp beside a.jpg and a.png); nothing when there is neither.
std::optional<boost::filesystem::path> find_sidecar(const boost::filesystem::path& photo);

/// The sidecar that a photo gets when it has none: beach.jpg.xmp, which cannot be that of beach.png.
boost::filesystem::path new_sidecar(const boost::filesystem::path& photo);

/// An XMP file beside a photo, read and changed in memory. What is not changed keeps its bytes, whichever
/// program wrote it and in whichever form; that it means what it meant is checked before anything is written.
///
/// Keys are exiv2's: "Xmp.xmp.Rating", "Xmp.iptcExt.ImageRegion[1]/iptcExt:rId".
class XmpSidecar {
public:
    /// Reads the file, or starts an empty one where there is none. Throws Error(bad_data) when the file is no
    /// XMP or has more than 16 MB, Error(io) when it cannot be read.
    explicit XmpSidecar(const boost::filesystem::path& file);
    /// The XMP that stands inside a photo, or nothing yet; for packet(), never for write(). Throws
    /// Error(bad_data).
    static XmpSidecar inside(const boost::filesystem::path& photo, const std::optional<std::string>& packet);
    ~XmpSidecar();
    XmpSidecar(XmpSidecar&&) noexcept;
    XmpSidecar& operator=(XmpSidecar&&) noexcept;

    const boost::filesystem::path& file() const;
    /// The file's bytes as they were read; nothing for a new one.
    const std::optional<std::string>& before() const;

    /// The value under a key as text; nothing when the key is not there.
    std::optional<std::string> text(const std::string& key) const;
    /// Whether a list has this item.
    bool has_item(const std::string& key, const std::string& item) const;

    void set(const std::string& key, const std::string& text);
    void set_bag(const std::string& key, const std::vector<std::string>& items);
    /// Of a list, the items that hold `mark` give way to these (rdf:li elements that declare their own
    /// namespaces); those of others stay. A new list has this prefix.
    void set_items(const std::string& key, const std::string& prefix, const std::string& mark,
                   const std::vector<std::string>& items);
    /// Takes away a key and all that is below it.
    void remove(const std::string& key);

    /// Whether the values differ from those that were read.
    bool changed() const;
    /// The bytes that write() writes. Throws Error(bad_data) when something else than what was set would
    /// change.
    std::string packet() const;
    /// Replaces the file whole or leaves it as it was. Throws Error(io).
    void write() const;

private:
    struct State;
    explicit XmpSidecar(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace piaa::cli
