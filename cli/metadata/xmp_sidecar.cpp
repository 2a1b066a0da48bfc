#include "metadata/xmp_sidecar.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <span>
#include <utility>

#include <boost/filesystem/operations.hpp>
#include <exiv2/exiv2.hpp>

#include <piaa/error.h>
#include <piaa/whole_file.h>

#include "metadata/rdf_statements.h"
#include "photos/photo_family.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

constexpr std::size_t largest_sidecar = 16 << 20;

void lock_exiv2(void* mutex, bool lock) {
    auto& exiv2 = *static_cast<std::recursive_mutex*>(mutex);
    lock ? exiv2.lock() : exiv2.unlock();
}

/// exiv2's values as text in a fixed order, to tell whether two packets say the same.
using Said = std::vector<std::pair<std::string, std::string>>;

Said said_by(const Exiv2::XmpData& xmp) {
    Said all;
    for (const auto& each : xmp)
        all.emplace_back(each.key(), std::string(each.typeName() ? each.typeName() : "") + each.toString());
    std::sort(all.begin(), all.end());
    return all;
}

/// exiv2 reads an empty text, where a text in several languages may stand, as one that it then would not
/// write.
void keep_empty_texts(Exiv2::XmpData& xmp) {
    for (auto& each : xmp) {
        const auto* texts = dynamic_cast<const Exiv2::LangAltValue*>(&each.value());
        if (!texts) continue;
        const bool empty = std::all_of(texts->value_.begin(), texts->value_.end(),
                                       [](const auto& text) { return text.second.empty(); });
        const Exiv2::XmpTextValue none("");
        if (empty) each.setValue(&none);
    }
}

Exiv2::XmpData decoded(const std::string& packet, const fs::path& file) {
    Exiv2::XmpData xmp;
    try {
        if (Exiv2::XmpParser::decode(xmp, packet) == 0) {
            keep_empty_texts(xmp);
            return xmp;
        }
    } catch (const std::exception& error) {  // exiv2 0.27 and 0.28 name their exception types differently
        throw Error(ErrorCode::bad_data, file.string() + ": is damaged: " + error.what());
    }
    throw Error(ErrorCode::bad_data, file.string() + ": is not XMP and should be");
}

/// What stands around <x:xmpmeta>: an XML declaration, a packet wrapper, a comment, or nothing.
struct Wrapping {
    std::string before, after;
};

const Wrapping file_wrapping{"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "\n"};
/// By which programs find the packet inside a file whose format they do not know.
const Wrapping packet_wrapping{"<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n",
                               "\n<?xpacket end=\"w\"?>"};

Wrapping wrapping_of(const std::string& packet, const Wrapping& otherwise) {
    const auto start = packet.find("<x:xmpmeta");
    constexpr std::string_view closing = "</x:xmpmeta>";
    const auto end = packet.rfind(closing);
    if (start == std::string::npos || end == std::string::npos || end < start) return otherwise;
    return {packet.substr(0, start), packet.substr(end + closing.size())};
}

/// The resource that the file says it is about; usually nothing.
std::string subject_of(const std::string& packet) {
    constexpr std::string_view about = "rdf:about=";
    const auto at = packet.find(about);
    if (at == std::string::npos || at + about.size() >= packet.size()) return "";
    const char quote = packet[at + about.size()];
    const auto end = packet.find(quote, at + about.size() + 1);
    if ((quote != '"' && quote != '\'') || end == std::string::npos) return "";
    return packet.substr(at + about.size() + 1, end - at - about.size() - 1);
}

/// exiv2 knows no resources and writes them as text. One that is a whole property is made one again:
/// prefix:Name="value" of a description becomes <prefix:Name rdf:resource="value"/>.
void restore_resource(std::string& packet, const std::string& property) {
    const auto blank = property.find(' ');
    const std::string declared = "=\"" + property.substr(0, blank) + '"';
    const auto space = packet.find(declared);
    const auto start = space == std::string::npos ? space : packet.rfind("xmlns:", space);
    if (start == std::string::npos) return;
    const std::string name = packet.substr(start + 6, space - start - 6) + ":" + property.substr(blank + 1);
    const auto at = packet.find(" " + name + "=\"");
    const auto from = at == std::string::npos ? at : at + name.size() + 3;
    const auto end = at == std::string::npos ? at : packet.find('"', from);
    if (end == std::string::npos) return;
    const std::string element = "<" + name + " rdf:resource=\"" + packet.substr(from, end - from) + "\"/>";
    packet.erase(at, end + 1 - at);
    const auto close = packet.find('>', at);
    if (close == std::string::npos) return;
    if (packet[close - 1] == '/')
        packet.replace(close - 1, 2, ">\n   " + element + "\n  </rdf:Description>");
    else
        packet.insert(close + 1, "\n   " + element);
}

/// An empty file says nothing that could be lost.
bool holds_something(const std::string& packet) {
    return packet.find_first_not_of(std::string_view("\0 \t\r\n", 5)) != std::string::npos;
}

/// Of the properties that nobody touched, the first that does not mean what it meant; nothing when all do.
std::optional<std::string> first_changed(const RdfStatements& before, const RdfStatements& after,
                                         const std::set<std::string>& touched) {
    for (const auto* one : {&before, &after})
        for (const auto& [property, values] : *one) {
            if (touched.contains(property)) continue;
            const auto was = before.find(property), is = after.find(property);
            // What a packet says it is about is repeated there.
            if (property == "http://ns.adobe.com/xap/1.0/mm/ InstanceID" && was == before.end()) continue;
            if (was == before.end() || is == after.end() || was->second != is->second) return property;
        }
    return std::nullopt;
}

/// The new packet, in which everything untouched means what it meant in the old one.
void keep_meaning(const std::string& before, std::string& packet, const std::set<std::string>& touched,
                  const fs::path& file) {
    try {
        const RdfStatements was = rdf_statements(before);
        for (const auto& [property, values] : was)
            if (values.size() == 1 && values.front().starts_with("R(") && !touched.contains(property))
                restore_resource(packet, property);
        const auto changed = first_changed(was, rdf_statements(packet), touched);
        if (!changed) return;
        throw Error(ErrorCode::bad_data, "its " + changed->substr(changed->find(' ') + 1) +
                                             " is written in a form that would be lost");
    } catch (const Error& reason) {
        throw Error(ErrorCode::bad_data, file.string() + ": is left as it is, because " + reason.what());
    }
}

}  // namespace

void start_exiv2() {
    static std::once_flag once;
    static std::recursive_mutex mutex;
    std::call_once(once, [] {
        Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
#ifdef EXV_ENABLE_BMFF
        Exiv2::enableBMFF(true);  // exiv2 0.27 reads HEIC, AVIF and CR3 only when told
#endif
        Exiv2::XmpParser::initialize(lock_exiv2, &mutex);
        Exiv2::XmpProperties::registerNs(piaa_xmp_namespace, "piaa");
    });
}

std::optional<fs::path> find_sidecar(const fs::path& photo) {
    for (const char* suffix : {".xmp", ".XMP"}) {
        for (const fs::path& candidate :
             {fs::path(photo.string() + suffix), fs::path(photo).replace_extension(suffix)}) {
            boost::system::error_code ignored;
            if (candidate == photo || !fs::is_regular_file(candidate, ignored)) continue;
            // beach.xmp may be that of another photo of the name.
            if (candidate.stem() == photo.filename() || owns_stem_sidecar(photo)) return candidate;
        }
    }
    return std::nullopt;
}

fs::path new_sidecar(const fs::path& photo) {
    return photo.string() + ".xmp";
}

struct XmpSidecar::State {
    fs::path file;
    std::optional<std::string> before;
    bool inside = false;  ///< a photo
    Exiv2::XmpData xmp;
    Said said_before;
    std::set<std::string> touched;  ///< properties as rdf_statements() names them

    /// "Xmp.xmp.Rating", "Xmp.iptcExt.ImageRegion[1]/...": what was asked for changes these.
    void touch(const std::string& text) {
        const std::string group = key(text).groupName(), start = "Xmp." + group + ".";
        touched.insert(Exiv2::XmpProperties::ns(group) + " " +
                       text.substr(start.size(), text.find_first_of("[/", start.size()) - start.size()));
    }

    void read(std::string packet) {
        before = std::move(packet);
        if (holds_something(*before)) xmp = decoded(*before, file);
        said_before = said_by(xmp);
    }

    /// exiv2 throws its own exception for a key whose namespace it does not know.
    Exiv2::XmpKey key(const std::string& text) const try {
        return Exiv2::XmpKey(text);
    } catch (const std::exception&) {
        throw Error(ErrorCode::bad_argument, file.string() + ": '" + text + "' is no XMP key");
    }
};

XmpSidecar::XmpSidecar(const fs::path& file) : state_(std::make_unique<State>()) {
    start_exiv2();
    state_->file = file;
    boost::system::error_code ignored;
    if (fs::symlink_status(file, ignored).type() == fs::file_not_found) return;
    const auto bytes = read_whole_file(file, largest_sidecar);
    state_->read({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

XmpSidecar::XmpSidecar(std::unique_ptr<State> state) : state_(std::move(state)) {}

XmpSidecar XmpSidecar::inside(const fs::path& photo, const std::optional<std::string>& packet) {
    start_exiv2();
    auto state = std::make_unique<State>();
    state->file = photo;
    state->inside = true;
    if (packet) state->read(*packet);
    return XmpSidecar(std::move(state));
}

XmpSidecar::~XmpSidecar() = default;
XmpSidecar::XmpSidecar(XmpSidecar&&) noexcept = default;
XmpSidecar& XmpSidecar::operator=(XmpSidecar&&) noexcept = default;

const fs::path& XmpSidecar::file() const {
    return state_->file;
}

const std::optional<std::string>& XmpSidecar::before() const {
    return state_->before;
}

std::optional<std::string> XmpSidecar::text(const std::string& key) const {
    const auto found = state_->xmp.findKey(state_->key(key));
    return found == state_->xmp.end() ? std::nullopt : std::optional(found->toString());
}

void XmpSidecar::set(const std::string& key, const std::string& text) {
    state_->touch(key);
    const auto name = state_->key(key);
    const auto found = state_->xmp.findKey(name);
    const Exiv2::XmpTextValue value(text);
    if (found == state_->xmp.end())
        state_->xmp.add(name, &value);
    else
        found->setValue(&value);
}

void XmpSidecar::set_bag(const std::string& key, const std::vector<std::string>& items) {
    remove(key);
    Exiv2::XmpArrayValue value(Exiv2::xmpBag);
    for (const auto& item : items) value.read(item);
    state_->xmp.add(state_->key(key), &value);
}

void XmpSidecar::set_container(const std::string& key, Kind kind) {
    remove(key);
    Exiv2::XmpTextValue value("");
    if (kind == Kind::structure)
        value.setXmpStruct();
    else
        value.setXmpArrayType(kind == Kind::bag ? Exiv2::XmpValue::xaBag : Exiv2::XmpValue::xaSeq);
    state_->xmp.add(state_->key(key), &value);
}

void XmpSidecar::remove(const std::string& key) {
    state_->touch(key);
    auto& xmp = state_->xmp;
    for (auto each = xmp.begin(); each != xmp.end();) {
        const std::string name = each->key();
        const bool below = name.size() > key.size() && name.starts_with(key) &&
                           (name[key.size()] == '[' || name[key.size()] == '/');
        each = name == key || below ? xmp.erase(each) : std::next(each);
    }
}

bool XmpSidecar::changed() const {
    return said_by(state_->xmp) != state_->said_before;
}

std::string XmpSidecar::packet() const {
    constexpr std::uint16_t format = Exiv2::XmpParser::omitPacketWrapper | Exiv2::XmpParser::useCompactFormat;
    std::string text;
    bool whole = false;
    try {
        whole = Exiv2::XmpParser::encode(text, state_->xmp, format) == 0;
    } catch (const std::exception&) {
        whole = false;
    }
    if (!whole || said_by(decoded(text, state_->file)) != said_by(state_->xmp))
        throw Error(ErrorCode::bad_data,
                    state_->file.string() + ": cannot be changed without changing more than was asked for");
    while (!text.empty() && (text.back() == '\n' || text.back() == '\0')) text.pop_back();
    const std::string none = "rdf:about=\"\"";
    const std::string subject = state_->before ? subject_of(*state_->before) : "";
    if (const auto at = text.find(none); !subject.empty() && at != std::string::npos)
        text.replace(at, none.size(), "rdf:about=\"" + subject + '"');
    const Wrapping& usual = state_->inside ? packet_wrapping : file_wrapping;
    const Wrapping wrapping = state_->before ? wrapping_of(*state_->before, usual) : usual;
    if (state_->before && holds_something(*state_->before))
        keep_meaning(*state_->before, text, state_->touched, state_->file);
    return wrapping.before + text + wrapping.after;
}

void XmpSidecar::write() const {
    const std::string bytes = packet();
    write_whole_file(state_->file, std::as_bytes(std::span(bytes)), Keep::all);
}

}  // namespace piaa::cli
