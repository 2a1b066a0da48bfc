#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/research/generic_figures.h>

namespace piaa::cli {

/// One method of an evaluation: a row of figures.
struct FigureRow {
    std::string name;
    std::vector<Figure> figures;
};

/// A block of lines per method, each figure with its interval: "srocc  0.794 [0.730, 0.850]".
void write_figure_table(std::ostream& out, const std::vector<FigureRow>& rows);

/// The same into the file, or to `out` when it is empty; as JSON {"results": [{"method", "srocc",
/// "srocc_low", "srocc_high", ...}]}, where undefined figures are null.
void write_figures(const boost::filesystem::path& file, bool json, const std::vector<FigureRow>& rows,
                   std::ostream& out);

}  // namespace piaa::cli
