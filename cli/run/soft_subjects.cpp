#include "run/soft_subjects.h"

#include <utility>

namespace piaa::cli {

void SoftSubjects::hold(nlohmann::ordered_json record, Tell tell) {
    held_.push_back({moments_.photos().size() - 1, std::move(record), std::move(tell)});
}

void SoftSubjects::pass(nlohmann::ordered_json record, Tell tell) {
    held_.push_back({std::nullopt, std::move(record), std::move(tell)});
}

void SoftSubjects::tell() {
    const std::vector<bool> soft = moments_.soft_subjects();
    for (Held& held : held_) {
        if (held.photo && soft[*held.photo]) held.record["flags"].push_back("soft_subject");
        held.tell(std::move(held.record));
    }
    held_.clear();
}

}  // namespace piaa::cli
