#pragma once

#include <libintl.h>

namespace piaa {

/// A text for people in the language of a program that has bound the domain "piaa" (plugin/po); in English
/// everywhere else.
__attribute__((format_arg(1))) inline const char* tr(const char* text) {
    return ::dgettext("piaa", text);
}

/// Marks a text that is translated where it is used.
constexpr const char* marked(const char* text) {
    return text;
}

}  // namespace piaa
