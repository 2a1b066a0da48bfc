#include "explain/place_names.h"

#include "io/words.h"

namespace piaa {

const std::array<const char*, 9> place_names{marked("top left"),    marked("top"),    marked("top right"),
                                             marked("left"),        marked("middle"), marked("right"),
                                             marked("bottom left"), marked("bottom"), marked("bottom right")};

}  // namespace piaa
