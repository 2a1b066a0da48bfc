#include "commands/research/train_generic.h"

#include <algorithm>
#include <sstream>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/piaa.h>

#include "commands/research/evaluate_generic.h"
#include "console/exit_code.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

/// Thirty greys in two sets, rated by three people who like brightness.
struct Album {
    test::TemporaryFolder folder;

    Album() {
        fs::ofstream ratings(folder.path() / "ratings.csv");
        fs::ofstream groups(folder.path() / "images.csv");
        ratings << "rater,image,rating\n";
        groups << "image,set,theme\n";
        for (int i = 0; i < 30; ++i) {
            const std::string name = "photo " + std::to_string(i) + ".png";
            const int grey = 8 * i + 10;
            test::write_photo(test::plain({64, 64}, {grey, grey, grey}),
                              folder.path() / fs::path(name).stem());
            groups << name << ',' << (i % 3 == 0 ? "test" : "train") << ",theme" << i % 12 << '\n';
            for (int rater = 0; rater < 3; ++rater)
                ratings << "person" << rater << ',' << name << ',' << std::clamp(1 + i / 5 + rater - 1, 1, 7)
                        << '\n';
        }
    }

    RatedPhotosOptions rated(const std::string& only = "") const {
        return {folder.path(),
                folder.path() / "ratings.csv",
                "1-7",
                folder.path() / "images.csv",
                "theme",
                only,
                ""};
    }

    TrainGenericOptions training() const {
        TrainGenericOptions options;
        options.rated = rated("set=train");
        options.backbone = test::tiny_model().info().file;
        options.output = folder.path() / "new.safetensors";
        options.report = folder.path() / "new.json";
        options.network.input_side = 64;
        options.quiet = true;
        return options;
    }
};

struct Run {
    int exit_code;
    std::string out, err;
};

Run run(const TrainGenericOptions& options) {
    std::ostringstream out, err;
    const int code = run_train_generic(options, out, err);
    return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("train generic makes a model that evaluate finds better than the constant", "[train_generic]") {
    const Album album;
    const Run trained = run(album.training());
    REQUIRE(trained.exit_code == done);
    CHECK(trained.out.find("srocc") != std::string::npos);
    fs::ifstream report(album.folder.path() / "new.json");
    CHECK(nlohmann::json::parse(report).at("photos") == 20);

    EvaluateGenericOptions evaluation;
    evaluation.rated = album.rated("set=test");
    evaluation.train_only = "set=train";
    evaluation.model = (album.folder.path() / "new.safetensors").string();
    evaluation.json = true;
    std::ostringstream out, err;
    REQUIRE(run_evaluate_generic(evaluation, out, err) == done);
    const auto results = nlohmann::json::parse(out.str()).at("results");
    CHECK(results.at(0).at("srocc") > 0.9);
    CHECK(results.back().at("method") == "constant");
    CHECK(results.back().at("srocc").is_null());
    CHECK(results.at(0).at("mse") < results.back().at("mse"));
}

TEST_CASE("a photo that is missing is named and left out of training", "[train_generic]") {
    const Album album;
    fs::remove(album.folder.path() / "photo 1.png");
    const Run trained = run(album.training());
    CHECK(trained.exit_code == some_files_failed);
    CHECK(trained.err.find("photo 1.png") != std::string::npos);
    CHECK(fs::exists(album.folder.path() / "new.safetensors"));
}

TEST_CASE("wrong tables stop training before anything is written", "[train_generic]") {
    const Album album;
    TrainGenericOptions options = album.training();
    options.rated.scale = "1-5";
    const Run scale = run(options);
    CHECK(scale.exit_code == cannot_start);
    CHECK(scale.err.find("should lie between 1 and 5") != std::string::npos);

    options = album.training();
    options.rated.only = "set=nothing";
    CHECK(run(options).exit_code == cannot_start);
    options.rated.only = "colour=red";
    CHECK(run(options).err.find("should include colour") != std::string::npos);
    CHECK_FALSE(fs::exists(options.output));
}

TEST_CASE("train generic can go on by training the network, and says how it goes", "[train_generic]") {
    const Album album;
    TrainGenericOptions options = album.training();
    options.deep.trained = GENERATE(Trained::head, Trained::all);
    options.deep.training.epochs = 3;
    options.deep.training.rank_weight = 0.1;
    options.deep.training.attribute_weight = 0.1;
    options.deep.training.category_weight = 0.1;
    options.deep.category_column = "theme";
    options.quiet = false;
    options.terminal = {};
    const Run trained = run(options);
    REQUIRE(trained.exit_code == done);
    CHECK(trained.err.find("epoch 3: loss") != std::string::npos);
    CHECK(trained.out.find("trained") != std::string::npos);
    fs::ifstream stream(options.report);
    const auto report = nlohmann::json::parse(stream);
    CHECK(report.at("epochs").size() == 3);
    CHECK(report.at("held_out").at("srocc").at(0) > 0.5);
    CHECK_NOTHROW(load_model(options.output.string()));
    CHECK_FALSE(fs::exists(options.output.string() + ".checkpoint"));
}

TEST_CASE("training a network refuses what does not go together", "[train_generic]") {
    const Album album;
    TrainGenericOptions options = album.training();
    options.deep.trained = Trained::last;
    // A photo that cannot be read would be named, so that it is not shows that none was looked at.
    fs::remove(album.folder.path() / "photo 1.png");
    options.deep.training.category_weight = 1;
    const Run no_column = run(options);
    CHECK(no_column.err.find("--category-column") != std::string::npos);
    CHECK(no_column.err.find("photo 1.png") == std::string::npos);
    options.deep.category_column = "colour";
    const Run unknown_column = run(options);
    CHECK(unknown_column.exit_code != done);
    CHECK(unknown_column.err.find("colour") != std::string::npos);
    CHECK(unknown_column.err.find("photo 1.png") == std::string::npos);
    options.deep.training.category_weight = 0;
    options.deep.category_column.clear();
    options.deep.validation_fold = 5;
    CHECK(run(options).err.find("--validation-fold") != std::string::npos);
    CHECK_FALSE(fs::exists(options.output));
}
