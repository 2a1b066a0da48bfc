#pragma once

#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json.hpp>

#include "changes/photo_action.h"
#include "console/output.h"

namespace piaa::cli {

/// `score --report`: one page with all chosen photos, which opens in any browser from a file and loads
/// nothing: small copies, scores with their spread, sorting, filters, photos side by side, a CSV of the
/// selection.
class ResultPage : public PhotoAction {
public:
    /// file: replaced when the page is complete. jobs: workers that make the small copies, 0 for one a core.
    /// Throws as Output does.
    ResultPage(const boost::filesystem::path& file, int jobs, std::ostream& err);

    void take(const nlohmann::ordered_json& record) override;
    /// Makes the small copies and writes the page. Throws Error(io).
    void finish(std::ostream& err, bool quiet) override;

private:
    boost::filesystem::path file_;
    Output output_;
    int jobs_;
    std::vector<nlohmann::ordered_json> records_;
};

}  // namespace piaa::cli
