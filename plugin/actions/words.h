#pragma once

#include <string>

#include <libintl.h>

namespace piaa::plugin {

// Words for people go through gettext: plugin/po/README.md says how a translation is made.

constexpr const char* text_domain = "piaa";

/// Where translations lie, before any text is shown. The program has set its locale.
void find_translations();

/// The text in the user's language.
__attribute__((format_arg(1))) inline const char* tr(const char* text) {
    return ::dgettext(text_domain, text);
}

/// The form of the text that goes with a number.
__attribute__((format_arg(1), format_arg(2))) inline const char* tr_n(const char* one, const char* many,
                                                                      unsigned long number) {
    return ::dngettext(text_domain, one, many, number);
}

/// Marks a text that is kept and translated where it is shown.
constexpr const char* marked(const char* text) {
    return text;
}

/// As printf() writes it.
__attribute__((format(printf, 1, 2))) std::string filled(const char* format, ...);

}  // namespace piaa::plugin
