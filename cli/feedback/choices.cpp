#include "feedback/choices.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <piaa/csv.h>
#include <piaa/error.h>

#include "console/say.h"
#include "report/picture_name.h"

namespace piaa::cli {
namespace {

using Names = std::vector<std::string>;

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorCode::bad_data, reason);
}

/// Each once: two templates may show the same crop.
Names names_in(const std::string& field) {
    Names all, names;
    boost::algorithm::split(all, field, boost::algorithm::is_any_of("|"));
    for (std::string& name : all) {
        boost::algorithm::trim(name);
        if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) continue;
        parse_picture_name(name);  // refuses parts that are none
        names.push_back(name);
    }
    return names;
}

std::vector<NamedFeedback> comparisons_of(const Names& shown, const Names& chosen, const std::string& line) {
    if (shown.size() < 2)
        refuse(std::string(shown.empty() ? "nothing" : "one picture") +
               " was shown, and it takes two or more, parted by |, to choose");
    const auto was_chosen = [&](const std::string& name) {
        return std::find(chosen.begin(), chosen.end(), name) != chosen.end();
    };
    for (const std::string& name : chosen)
        if (std::find(shown.begin(), shown.end(), name) == shown.end())
            refuse(name + " was chosen and is not among what was shown");
    if (chosen.empty()) refuse("nothing was chosen, which does not say what is liked better");
    if (chosen.size() == shown.size()) refuse("all was chosen, which does not say what is liked better");
    const double weight = 2 / static_cast<double>(shown.size());
    std::vector<NamedFeedback> all;
    for (const std::string& preferred : chosen)
        for (const std::string& other : shown)
            if (!was_chosen(other)) all.push_back({preferred, other, weight, line});
    return all;
}

}  // namespace

NamedFeedbackList read_choices(const boost::filesystem::path& file, std::ostream& messages) {
    const CsvTable table = read_csv(file);
    const auto shown = table.column("shown");
    const auto chosen = table.column("chosen");
    NamedFeedbackList feedback;
    for (const auto& row : table.rows()) {
        const std::string line = table.name() + " line " + std::to_string(row.line);
        try {
            const auto said = comparisons_of(names_in(row.fields[shown]), names_in(row.fields[chosen]), line);
            feedback.all.insert(feedback.all.end(), said.begin(), said.end());
        } catch (const Error& error) {
            ++feedback.refused;
            say(messages, line + ": " + error.what());
        }
    }
    return feedback;
}

}  // namespace piaa::cli
