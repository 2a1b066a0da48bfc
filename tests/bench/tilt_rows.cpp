// What models/make_level learns from, and how well it does: straight edges, or estimates, of photos as they
// are and turned. Usage: tilt_rows edges|estimates < LIST   a line each: ANGLE PATH; the photo is turned
// clockwise by ANGLE and cut, then looked at as crops are. edges: 32-bit floats, for each line its number,
// how many edges, the picture's width and height over its longer side, then 14 of each edge. estimates: a row
// each of line number, angle, certainty and what it is turned by.
#include <algorithm>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <piaa/error.h>
#include <piaa/level.h>

#include "crop/tilt/level_edges.h"
#include "photos/image_file.h"
#include "photos/small_image.h"

using namespace piaa;

namespace {

Image seen(const std::string& path, double angle) {
    const Image photo = cli::read_image(path, [](Size full) { return cli::within(full, 1024); }).image;
    const Image turned = levelled(resized(photo, cli::within(photo.size(), 1024)), -angle);
    return resized(turned, lines_size(turned.size()));
}

void write_edges(std::size_t line, const Image& picture) {
    const auto edges = find_level_edges(picture);
    const auto longer = static_cast<float>(std::max(picture.width(), picture.height()));
    std::vector<float> values{static_cast<float>(line), static_cast<float>(edges.size()),
                              static_cast<float>(picture.width()) / longer,
                              static_cast<float>(picture.height()) / longer};
    for (const LevelEdge& edge : edges) {
        for (const double end : {edge.from.x, edge.from.y, edge.to.x, edge.to.y})
            values.push_back(static_cast<float>(end));
        values.insert(values.end(), edge.looks.begin(), edge.looks.end());
    }
    std::cout.write(reinterpret_cast<const char*>(values.data()),
                    static_cast<std::streamsize>(values.size() * sizeof(float)));
}

}  // namespace

int main(int count, char** words) try {
    const std::string what = count == 2 ? words[1] : "";
    if (what != "edges" && what != "estimates")
        throw Error(ErrorCode::bad_argument, "tilt_rows needs edges or estimates");
    std::string text;
    for (std::size_t line = 0; std::getline(std::cin, text); ++line) {
        std::istringstream in(text);
        double angle = 0;
        std::string path;
        in >> angle >> std::ws;
        std::getline(in, path);
        try {
            const Image picture = seen(path, angle);
            if (what == "edges") {
                write_edges(line, picture);
                continue;
            }
            const Tilt tilt = estimate_tilt(picture);
            std::cout << line << ' ' << tilt.angle << ' ' << tilt.certainty << ' ' << sure_tilt(tilt) << '\n';
        } catch (const Error& error) {
            std::cerr << "tilt_rows: " << error.what() << '\n';
        }
    }
    return 0;
} catch (const std::exception& error) {
    std::cerr << "tilt_rows: " << error.what() << '\n';
    return 1;
}
