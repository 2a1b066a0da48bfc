#include "photos/name_spellings.h"

#include <algorithm>
#include <memory>

#include <glib.h>

namespace piaa::cli {

std::vector<std::string> spellings(const std::string& name) {
    std::vector<std::string> all = {name};
    if (std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return all;
    for (const auto form : {G_NORMALIZE_NFC, G_NORMALIZE_NFD}) {
        const std::unique_ptr<char, void (*)(void*)> text(
            g_utf8_normalize(name.data(), static_cast<gssize>(name.size()), form), g_free);
        if (text && std::find(all.begin(), all.end(), text.get()) == all.end()) all.emplace_back(text.get());
    }
    return all;
}

}  // namespace piaa::cli
