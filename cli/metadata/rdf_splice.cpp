#include "metadata/rdf_splice.h"

#include <algorithm>
#include <memory>
#include <optional>

#include <boost/algorithm/string/replace.hpp>
#include <glib.h>

#include <piaa/error.h>

#include "metadata/rdf_document.h"
#include "metadata/xml_text.h"

namespace piaa::cli {
namespace {

constexpr const char* blanks = " \t\r\n";

class Splicer {
public:
    Splicer(std::string_view packet, const RdfChanges& changes)
        : packet_(packet), changes_(changes), document_(parse_rdf(packet)), roots_(rdf_roots(document_)) {
        if (roots_.empty()) throw Error(ErrorCode::bad_data, "its XMP holds no RDF");
    }

    std::string result() {
        for (const auto* root : roots_)
            for (const auto& description : root->children) take_out(*description);
        std::string added = changes_.added;
        for (const auto& list : changes_.lists) added += set_items(list);
        if (!added.empty()) insert(*roots_.front(), about(with_rdf_declared(added)));
        return edited();
    }

private:
    struct Edit {
        std::size_t at, length;
        std::string text;
    };

    /// From the blanks before a place.
    std::size_t with_blanks(std::size_t at) const {
        const auto last = packet_.find_last_not_of(blanks, at == 0 ? 0 : at - 1);
        return at == 0 || last == std::string_view::npos ? 0 : last + 1;
    }

    void remove(std::size_t from, std::size_t end) {
        const std::size_t start = with_blanks(from);
        edits_.push_back({start, end - start, ""});
    }

    /// Removes what is to go; the whole description where nothing else is in it.
    void take_out(const RdfElement& description) {
        const auto goes = [&](const std::string& name) { return changes_.removed.contains(name); };
        std::vector<const RdfElement*> elements;
        std::vector<std::size_t> attributes;
        std::size_t properties = description.children.size();
        for (const auto& child : description.children)
            if (goes(child->name)) elements.push_back(child.get());
        for (std::size_t i = 0; i < description.attributes.size(); ++i) {
            if (!is_property(description.attributes[i].first)) continue;
            ++properties;
            if (goes(description.attributes[i].first)) attributes.push_back(i);
        }
        const std::size_t going = elements.size() + attributes.size();
        if (going == 0) return;
        if (going == properties) return remove(description.start, description.end);
        for (const auto* element : elements) remove(element->start, element->end);
        const auto places = attributes_of(description);
        for (const auto i : attributes) remove(places.at(i).first, places.at(i).second);
    }

    /// Where the attributes stand in a start tag, declarations of namespaces left out, as in `attributes`.
    std::vector<std::pair<std::size_t, std::size_t>> attributes_of(const RdfElement& element) const {
        std::vector<std::pair<std::size_t, std::size_t>> places;
        for (std::size_t at = packet_.find_first_of(" \t\r\n/>", element.start); at < element.content;) {
            at = packet_.find_first_not_of(blanks, at);
            if (packet_[at] == '/' || packet_[at] == '>') break;
            const std::size_t open = packet_.find_first_of("\"'", at);
            const std::size_t close = packet_.find(packet_[open], open + 1);
            const std::string_view name = packet_.substr(at, packet_.find_first_of(" \t\r\n=", at) - at);
            if (name != "xmlns" && !name.starts_with("xmlns:")) places.emplace_back(at, close + 1);
            at = close + 1;
        }
        return places;
    }

    std::string name_in_packet(const RdfElement& element) const {
        const std::size_t from = element.start + 1;
        return std::string(packet_.substr(from, packet_.find_first_of(" \t\r\n/>", from) - from));
    }

    /// As the last of an element's content.
    void insert(const RdfElement& element, const std::string& text) {
        if (element.content < element.end)
            edits_.push_back({with_blanks(element.content_end), 0, "\n" + text});
        else  // <a/>
            edits_.push_back({element.end - 2, 2, ">\n" + text + "\n</" + name_in_packet(element) + ">"});
    }

    const RdfElement* find(const std::string& property) const {
        for (const auto* root : roots_)
            for (const auto& description : root->children)
                for (const auto& child : description->children)
                    if (child->name == property) return child.get();
        return nullptr;
    }

    /// Returns a new description with the list where there is none yet.
    std::string set_items(const RdfItems& list) {
        std::string items;
        for (const auto& item : list.items) items += (items.empty() ? "" : "\n") + item;
        const auto* property = find(list.property);
        if (!property) {
            const auto blank = list.property.find(' ');
            const std::string name = list.prefix + ":" + list.property.substr(blank + 1);
            return "<rdf:Description rdf:about=\"\" xmlns:" + list.prefix + "=\"" +
                   list.property.substr(0, blank) + "\">\n<" + name + "><rdf:Bag>\n" + items +
                   "\n</rdf:Bag></" + name + ">\n</rdf:Description>";
        }
        if (property->children.size() != 1 ||
            !(property->children.front()->is("Bag") || property->children.front()->is("Seq")))
            throw Error(ErrorCode::bad_data,
                        "its " + list.property.substr(list.property.find(' ') + 1) + " is no list");
        const RdfElement& array = *property->children.front();
        for (const auto& item : array.children)
            if (packet_.substr(item->start, item->end - item->start).find(list.mark) !=
                std::string_view::npos)
                remove(item->start, item->end);
        insert(array, items);
        return "";
    }

    /// Descriptions for a packet in which RDF has another prefix.
    std::string with_rdf_declared(std::string text) const {
        if (name_in_packet(*roots_.front()) != "rdf:RDF")
            boost::replace_all(text, "<rdf:Description ",
                               "<rdf:Description xmlns:rdf=\"" +
                                   std::string(rdf_prefix.substr(0, rdf_prefix.size() - 1)) + "\" ");
        return text;
    }

    /// Descriptions that are about what the packet is about.
    std::string about(std::string text) const {
        for (const auto* root : roots_)
            for (const auto& description : root->children) {
                const auto* said = description->rdf_attribute("about");
                if (!said) said = description->attribute("about");
                if (!said || said->empty()) continue;
                boost::replace_all(text, "rdf:about=\"\"", "rdf:about=\"" + xml_text(*said) + '"');
                return text;
            }
        return text;
    }

    std::string edited() {
        std::stable_sort(edits_.begin(), edits_.end(),
                         [](const Edit& a, const Edit& b) { return a.at < b.at; });
        std::string text;
        std::size_t at = 0;
        for (const auto& edit : edits_) {
            text += packet_.substr(at, std::max(at, edit.at) - at);
            text += edit.text;
            at = std::max(at, edit.at + edit.length);
        }
        return text + std::string(packet_.substr(at));
    }

    std::string_view packet_;
    const RdfChanges& changes_;
    RdfElement document_;
    std::vector<const RdfElement*> roots_;
    std::vector<Edit> edits_;
};

}  // namespace

std::string spliced_rdf(std::string_view packet, const RdfChanges& changes) {
    return Splicer(packet, changes).result();
}

std::string packet_in_utf8(std::string packet) {
    using namespace std::string_view_literals;
    const bool marked = packet.starts_with("\xff\xfe") || packet.starts_with("\xfe\xff");
    const bool little = packet.starts_with("\xff\xfe") || packet.starts_with("<\0"sv);
    if (!little && !packet.starts_with("\xfe\xff") && !packet.starts_with("\0<"sv)) return packet;
    if (marked) packet.erase(0, 2);
    gsize length = 0;
    const std::unique_ptr<char, void (*)(void*)> text(
        g_convert(packet.data(), static_cast<gssize>(packet.size()), "UTF-8",
                  little ? "UTF-16LE" : "UTF-16BE", nullptr, &length, nullptr),
        g_free);
    if (!text) throw Error(ErrorCode::bad_data, "its XMP is UTF-16 and damaged");
    std::string result(text.get(), length);
    if (result.starts_with("<?xml ")) result.erase(0, result.find("?>") + 2);  // it names the encoding
    return result;
}

}  // namespace piaa::cli
