#include "actions/words.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include <boost/filesystem/operations.hpp>

namespace piaa::plugin {
namespace fs = boost::filesystem;

std::string filled(const char* format, ...) {
    char text[1024];
    std::va_list values;
    va_start(values, format);
    std::vsnprintf(text, sizeof text, format, values);
    va_end(values);
    return text;
}

void find_translations() {
    const char* data = std::getenv("PIAA_DATA_DIR");
    fs::path folder = data != nullptr ? fs::path(data) / "locale" : fs::path();
    boost::system::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem);
    // Both in an installation and in a build tree share/ is beside a folder that the program is in.
    for (fs::path root = program.parent_path(); folder.empty() && root.has_relative_path();
         root = root.parent_path())
        if (fs::is_directory(root / "share/piaa/locale", problem)) folder = root / "share/piaa/locale";
    if (folder.empty()) return;
    ::bindtextdomain(text_domain, folder.c_str());
    ::bind_textdomain_codeset(text_domain, "UTF-8");
}

}  // namespace piaa::plugin
