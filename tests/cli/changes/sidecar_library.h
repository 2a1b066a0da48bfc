#pragma once

#include <sstream>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include "changes/xmp_scores.h"
#include "metadata/xmp_sidecar.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

namespace piaa::test {

/// A folder of photos with sidecars, and a run of `score --xmp` over it.
struct Library {
    TemporaryFolder folder;
    cli::XmpScoreOptions options{.write = true};
    std::ostringstream err;
    int runs = 0;
    boost::filesystem::path last_log;

    boost::filesystem::path photo(const std::string& name) const {
        return write_photo(plain({32, 24}, {90, 120, 60}), folder / name, {.suffix = ".jpg"});
    }
    boost::filesystem::path sidecar(const std::string& program, const std::string& name) const {
        boost::filesystem::copy_file(
            boost::filesystem::path(PIAA_TEST_DATA) / "sidecars" / (program + ".xmp"), folder / name);
        return folder / name;
    }
    void run(const std::vector<boost::filesystem::path>& photos, int stars = 4,
             const nlohmann::ordered_json& more = nlohmann::ordered_json::object()) {
        last_log = folder / ("log" + std::to_string(++runs));
        cli::UndoLog log(last_log, "score");
        cli::XmpScores scores(options, log, err);
        for (const auto& file : photos) {
            nlohmann::ordered_json record = {{"path", file.string()},
                                             {"score", 7.256},
                                             {"spread", 1.5},
                                             {"flags", nlohmann::ordered_json::array()}};
            record["stars"] = stars > 0 ? nlohmann::ordered_json(stars) : nlohmann::ordered_json();
            record.update(more);
            scores.take(record);
        }
        scores.finish(err, false);
    }
    std::optional<std::string> said(const boost::filesystem::path& file, const std::string& key) const {
        return cli::XmpSidecar(file).text(key);
    }
};

}  // namespace piaa::test
