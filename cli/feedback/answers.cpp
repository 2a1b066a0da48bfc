#include "feedback/answers.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include <piaa/csv.h>
#include <piaa/error.h>

namespace piaa::cli {

void write_questions(std::ostream& out) {
    out << "statement,answer\n";
    for (const Statement& statement : questionnaire()) out << statement.text << ",\n";
}

Traits read_answers(const boost::filesystem::path& file) {
    const CsvTable table = read_csv(file);
    const auto statement = table.column("statement");
    const auto answer = table.column("answer");
    std::vector<int> answers;
    for (const Statement& asked : questionnaire()) {
        const auto row = std::find_if(table.rows().begin(), table.rows().end(), [&](const auto& candidate) {
            return candidate.fields[statement] == asked.text;
        });
        if (row == table.rows().end())
            throw Error(ErrorCode::bad_data,
                        table.name() + ": there is no row for '" + std::string(asked.text) + "'");
        const double value = table.number(*row, answer);
        if (value != std::floor(value) || value < 1 || value > 5)
            throw Error(ErrorCode::bad_data, table.name() + ": line " + std::to_string(row->line) +
                                                 ", column 'answer' is '" + row->fields[answer] +
                                                 "' and should be a whole number from 1 to 5");
        answers.push_back(static_cast<int>(value));
    }
    return traits_of(answers);
}

}  // namespace piaa::cli
