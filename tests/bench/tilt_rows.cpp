// What models/make_level learns from: edges or evidence of photos, as they are and turned.
// Usage: tilt_rows edges|evidence|estimates < LIST   a line each: ANGLE PATH; the photo is turned clockwise
// by ANGLE and cut, then looked at as crops are. Writes a row each: line number, tilt or angle, what is
// measured.
#include <algorithm>
#include <iostream>
#include <sstream>
#include <string>

#include <piaa/error.h>
#include <piaa/level.h>

#include "crop/tilt_evidence.h"
#include "photos/image_file.h"
#include "photos/small_image.h"

using namespace piaa;

namespace {

Image seen(const std::string& path, double angle) {
    const Image photo = cli::read_image(path, [](Size full) { return cli::within(full, 1024); }).image;
    const Image turned = levelled(resized(photo, cli::within(photo.size(), 1024)), -angle);
    return resized(turned, lines_size(turned.size()));
}

template <typename Values>
void write(std::size_t line, double angle, const Values& values) {
    std::cout << line << ' ' << angle;
    for (const double value : values) std::cout << ' ' << value;
    std::cout << '\n';
}

}  // namespace

int main(int count, char** words) try {
    const std::string what = count == 2 ? words[1] : "";
    if (what != "edges" && what != "evidence" && what != "estimates")
        throw Error(ErrorCode::bad_argument, "tilt_rows needs one of edges, evidence and estimates");
    const LevelWeights weights = load_level_weights();
    std::string text;
    for (std::size_t line = 0; std::getline(std::cin, text); ++line) {
        std::istringstream in(text);
        double angle = 0;
        std::string path;
        in >> angle >> std::ws;
        std::getline(in, path);
        const Image picture = seen(path, angle);
        if (what == "estimates") {
            const Tilt tilt = estimate_tilt(picture);
            write(line, tilt.angle, std::array{tilt.certainty, sure_tilt(tilt)});
            continue;
        }
        const auto edges = find_level_edges(picture);
        if (what == "edges")
            for (const LevelEdge& edge : edges) write(line, edge.tilt, edge.measures);
        else if (!edges.empty()) {
            const TiltEvidence evidence = evidence_of(edges, weights);
            write(line, evidence.angle, evidence.measures);
        }
    }
    return 0;
} catch (const std::exception& error) {
    std::cerr << "tilt_rows: " << error.what() << '\n';
    return 1;
}
