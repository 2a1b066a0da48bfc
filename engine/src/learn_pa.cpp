#include <piaa/error.h>

#include "learner.h"
#include "style_network.h"

namespace piaa {
namespace {

void need_style(const Prior& prior, const std::string& method) {
    if (!prior.style || prior.style->kind != method)
        throw Error(ErrorCode::bad_argument,
                    "method " + method + " starts from a style network and the prior is " +
                        (prior.style ? "that of method " + prior.style->kind : "without one") +
                        ": it should be made by piaa-batch train " + method);
}

}  // namespace

// Inter-task fusion: rating = generic + W_b . axes, W_b five numbers of one person. The prior's directions
// are the axes, so this is the posterior of W_b, and the gate of "auto" keeps it from being worse than
// generic.
Head learn_pa(const Prior& prior, const Evidence& evidence, const AdaptOptions&) {
    need_style(prior, "pa");
    return learn_first_stage(prior, evidence);
}

Head learn_mt(const Prior& prior, const Evidence& evidence, const AdaptOptions&) {
    need_style(prior, "mt");
    return learn_first_stage(prior, evidence);
}

}  // namespace piaa
