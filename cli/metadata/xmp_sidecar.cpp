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

#include "metadata/rdf_splice.h"
#include "metadata/rdf_statements.h"
#include "metadata/xmp_descriptions.h"
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

Said said_by(const Exiv2::XmpData& xmp, const std::set<std::string>* properties = nullptr) {
    Said all;
    for (const auto& each : xmp)
        if (!properties || properties->contains(property_of(Exiv2::XmpKey(each.key()))))
            all.emplace_back(each.key(),
                             std::string(each.typeName() ? each.typeName() : "") + each.toString());
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

/// A packet that says nothing yet: of a file, and inside a photo, where programs find it by its wrapper.
constexpr const char* empty_packet =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
    " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n </rdf:RDF>\n</x:xmpmeta>";
const std::string new_file =
    std::string("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") + empty_packet + "\n";
const std::string new_packet =
    std::string("<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n") + empty_packet +
    "\n<?xpacket end=\"w\"?>";

/// An empty file says nothing that could be lost.
bool holds_something(const std::string& packet) {
    return packet.find_first_not_of(std::string_view("\0 \t\r\n", 5)) != std::string::npos;
}

/// Of the properties that nobody touched, the first that does not mean what it meant; nothing when all do.
std::optional<std::string> first_changed(const RdfStatements& before, const RdfStatements& after,
                                         const std::set<std::string>& touched) {
    for (const auto* one : {&before, &after})
        for (const auto& [property, values] : *one) {
            const auto was = before.find(property), is = after.find(property);
            if (!touched.contains(property) &&
                (was == before.end() || is == after.end() || was->second != is->second))
                return property;
        }
    return std::nullopt;
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
    const auto all = xmp_sidecars(photo);
    return all.empty() ? std::nullopt : std::optional(all.front());
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
    std::set<std::string> touched;  ///< properties that were set or removed
    std::vector<RdfItems> lists;

    void touch(const std::string& text) { touched.insert(property_of(key(text))); }

    bool is_new() const { return !before || !holds_something(*before); }

    void read(std::string packet) {
        before = std::move(packet);
        if (holds_something(*before)) xmp = decoded(packet_in_utf8(*before), file);
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

bool XmpSidecar::has_item(const std::string& key, const std::string& item) const {
    const auto found = state_->xmp.findKey(state_->key(key));
    if (found == state_->xmp.end()) return false;
    for (decltype(found->count()) i = 0; i < found->count(); ++i)
        if (found->toString(i) == item) return true;
    return false;
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

void XmpSidecar::set_items(const std::string& key, const std::string& prefix, const std::string& mark,
                           const std::vector<std::string>& items) {
    state_->lists.push_back({property_of(state_->key(key)), prefix, mark, items});
}

bool XmpSidecar::changed() const {
    return said_by(state_->xmp) != state_->said_before || (!state_->lists.empty() && packet() != before());
}

std::string XmpSidecar::packet() const try {
    const std::string was =
        state_->is_new() ? (state_->inside ? new_packet : new_file) : packet_in_utf8(*state_->before);
    std::string text =
        spliced_rdf(was, {state_->touched, descriptions_of(state_->xmp, state_->touched), state_->lists});
    std::set<std::string> asked_for = state_->touched;
    for (const auto& list : state_->lists) asked_for.insert(list.property);
    const auto changed = first_changed(rdf_statements(was), rdf_statements(text), asked_for);
    if (changed)
        throw Error(ErrorCode::bad_data, "its " + changed->substr(changed->find(' ') + 1) + " would change");
    if (said_by(decoded(text, state_->file), &state_->touched) != said_by(state_->xmp, &state_->touched))
        throw Error(ErrorCode::bad_data, "what was asked for cannot be said in it");
    return text;
} catch (const std::exception& reason) {  // ours, and exiv2's, which 0.27 and 0.28 name differently
    throw Error(ErrorCode::bad_data, state_->file.string() + ": is left as it is, because " + reason.what());
}

void XmpSidecar::write() const {
    const std::string bytes = packet();
    write_whole_file(state_->file, std::as_bytes(std::span(bytes)), Keep::all);
}

}  // namespace piaa::cli
