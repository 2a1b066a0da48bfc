#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <piaa/generic_figures.h>

namespace piaa::cli {

/// One method of an evaluation: a row of figures.
struct FigureRow {
    std::string name;
    std::vector<Figure> figures;
};

/// A block of lines a method, each figure with its interval: "srocc  0.794 [0.730, 0.850]".
void write_figure_table(std::ostream& out, const std::vector<FigureRow>& rows);

/// {"results": [{"method", "srocc", "srocc_low", "srocc_high", ...}]}; undefined figures are null.
void write_figure_json(std::ostream& out, const std::vector<FigureRow>& rows);

}  // namespace piaa::cli
