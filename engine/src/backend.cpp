#include "backend.h"

#include <dlfcn.h>

#include <piaa/error.h>

#include "installation.h"

namespace piaa {
namespace {

const Backend& open_backend() {
    const std::string file = (library_folder() / "piaa" / "libpiaa_torch.so").string();
    // Never closed: LibTorch does not survive being unloaded.
    void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    using Factory = const Backend* (*)();
    const auto factory =
        library == nullptr ? nullptr : reinterpret_cast<Factory>(::dlsym(library, "piaa_torch_backend"));
    if (factory == nullptr) {
        const char* reason = ::dlerror();
        throw Error(ErrorCode::bad_model, std::string("the network runtime cannot be opened: ") +
                                              (reason != nullptr ? reason : file.c_str()));
    }
    return *factory();
}

}  // namespace

const Backend& backend() {
    static const Backend& opened = open_backend();
    return opened;
}

}  // namespace piaa
