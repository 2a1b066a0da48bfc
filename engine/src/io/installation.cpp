#include "io/installation.h"

#include <cstdlib>

#include <boost/filesystem/operations.hpp>
#include <dlfcn.h>

namespace piaa {
namespace fs = boost::filesystem;

fs::path library_folder() {
    Dl_info info{};
    const bool found = ::dladdr(reinterpret_cast<const void*>(&library_folder), &info) != 0;
    return found ? fs::canonical(info.dli_fname).parent_path() : fs::current_path();
}

fs::path data_folder() {
    const char* chosen = std::getenv("PIAA_DATA_DIR");
    if (chosen != nullptr && *chosen != '\0') return chosen;
    // lib/ or lib/x86_64-linux-gnu/, as the distribution has it.
    const fs::path library = library_folder();
    for (fs::path root = library.parent_path(); !root.empty(); root = root.parent_path()) {
        const fs::path data = root / "share" / "piaa";
        if (fs::is_directory(data)) return data;
        if (root == root.parent_path() || root == library.parent_path().parent_path()) break;
    }
    return library.parent_path() / "share" / "piaa";
}

void* module_function(const std::string& name, const char* function, std::string& reason) {
    const std::string file = (library_folder() / "piaa" / ("libpiaa_" + name + ".so")).string();
    void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* const found = library == nullptr ? nullptr : ::dlsym(library, function);
    if (found == nullptr) {
        const char* problem = ::dlerror();
        reason = problem != nullptr ? problem : file;
    }
    return found;
}

}  // namespace piaa
