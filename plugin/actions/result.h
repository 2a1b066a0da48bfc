#pragma once

#include <string>
#include <vector>

#include "actions/session.h"
#include "actions/settings.h"
#include "host.h"

namespace piaa::plugin {

/// What scripts are told, and the dialog after OK.
struct Answer {
    Score score;
    PixelBox box;  ///< the chosen crop, in the image as it was before cropping, or in the levelled photo
    double crop_score = 0;  ///< 0 to 1, compares crops of one photo
    int crops = 0;          ///< how many were found
    bool leave_it = false;  ///< the whole frame is the better answer
    double angle = 0;       ///< degrees that crops are turned clockwise on the photo
};

/// Makes the host look at what the settings say, and gives the settings with the selection as what is kept,
/// when that is its use.
Settings looked_at(Host& host, const Settings& settings);

/// Throws Error(bad_argument) when there is no photo to judge: the layer lies off the canvas or outside the
/// selection, or less than 32 pixels a side are left of it.
void check_photo(const Host& host);

/// Throws Error(io) when there is no screen for a dialog; GTK would end the program.
void check_display();

/// Whether other arguments would mend it.
bool is_of_the_caller(const Error& error);

/// Puts what is asked for into the image as one step of undo, or touches nothing when nothing is asked for.
/// All that takes long has happened when the first change is made. session: has seen the host's photo.
Answer apply(Host& host, const Settings& settings, const Session& session);

/// All of it without a dialog: checks, reads, looks, applies. Changes nothing when it throws.
Answer run(Host& host, const Settings& settings);

/// A crop upright: what is turned comes to lie so that the crop covers whole pixels of the canvas.
struct Upright {
    PixelBox box;
    Point middle;
};
Upright upright_of(const CropPlace& place, const PixelBox& canvas);

/// What is kept in the image, as JSON: scores, the crops with boxes in pixels of the image or of the levelled
/// photo, and by which model and profile.
std::string note_of(const Session& session, const Settings& settings, const CropResult& crops,
                    PixelBox photo);

/// The name of that note in an image, and of the marks by which a later run knows its own layers and paths.
constexpr const char* note_name = "aesthetic-crop";
/// The name of the note that says where the guides of the last run stand.
constexpr const char* guides_note_name = "aesthetic-crop-guides";

/// That note's text, "x y width height", and the box back from it; empty for a damaged one.
std::string guides_note(const PixelBox& box);
PixelBox guides_box(const std::string& note);

/// A guide of an image, by GIMP's number.
struct Guide {
    unsigned id;
    bool vertical;
    int place;
};
/// Which of an image's guides an earlier run put round the box: one at each side, where there is one.
std::vector<unsigned> guides_at(const PixelBox& box, const std::vector<Guide>& all);

}  // namespace piaa::plugin
