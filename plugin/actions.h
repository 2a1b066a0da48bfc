#pragma once

#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/heatmap.h>
#include <piaa/score.h>

#include "host.h"

namespace piaa::plugin {

/// What the dialog, a script or the last run asked for.
struct Settings {
    std::string model;             ///< a shipped model's name or a file; empty for the default one
    boost::filesystem::path user;  ///< a profile; empty for people in general
    HeatmapKind map = HeatmapKind::generic;
    double opacity = 60;  ///< of the heatmap layer, 0 to 100
};

/// All that is known of the chosen layer after one look at it.
struct Analysis {
    Score score;
    Heatmap map;
};

/// Reads the layer once and runs the network once; changes nothing in the image.
/// Throws Error(bad_argument) for a layer below 32 pixels a side or settings out of range.
Analysis analyse(Host& host, const Settings& settings);

/// Puts the result into the image as one step of undo: the heatmap layer in a group of its own, and a note.
void apply(Host& host, const Settings& settings, const Analysis& analysis);

}  // namespace piaa::plugin
