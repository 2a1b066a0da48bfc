#include <piaa/attributes.h>

#include "photo/attribute_slopes.h"

namespace piaa {

const AttributeNorms& attribute_norms() {
    static const AttributeNorms norms{.mean = {.367F, .329F, .802F, .443F, .547F, .316F, .701F, .275F, .977F,
                                               .403F, .548F, .157F, .502F, .499F},
                                      .deviation = {.228F, .200F, .130F, .148F, .126F, .089F, .145F, .177F,
                                                    .041F, .218F, .107F, .039F, .103F, .128F}};
    return norms;
}

const std::array<double, attribute_count>& attribute_slopes() {
    static const std::array<double, attribute_count> slopes{.20, .25, .09,  -.05, -.20, -.07, .05,
                                                            .14, .05, -.09, -.17, -.19, .04,  .05};
    return slopes;
}

}  // namespace piaa
