#include "local_features.h"

#include <dlfcn.h>

#include <piaa/error.h>

#include "installation.h"

namespace piaa {
namespace {

const LocalFeatures& open_module() {
    const std::string file = (library_folder() / "piaa" / "libpiaa_opencv.so").string();
    void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    using Factory = const LocalFeatures* (*)();
    const auto factory =
        library == nullptr ? nullptr : reinterpret_cast<Factory>(::dlsym(library, "piaa_local_features"));
    if (factory == nullptr) {
        const char* reason = ::dlerror();
        throw Error(ErrorCode::bad_model, std::string("the module for local features cannot be opened: ") +
                                              (reason != nullptr ? reason : file.c_str()));
    }
    return *factory();
}

}  // namespace

const LocalFeatures& local_features() {
    static const LocalFeatures& opened = open_module();
    return opened;
}

}  // namespace piaa
