#include <piaa/piaa.h>

namespace piaa {

const char* version() {
    return PIAA_VERSION;
}

}  // namespace piaa
