#pragma once

namespace piaa::plugin {

// The procedure as both series of GIMP register it.

constexpr const char* procedure_name = "plug-in-aesthetic-crop";
constexpr const char* program_name = "aesthetic-crop";
constexpr const char* menu_label = "_Aesthetic Crop...";
constexpr const char* image_types = "RGB*, GRAY*";

namespace help {
constexpr const char* blurb =
    "Shows where a photo earns its score and finds better crops (RGB and greyscale images)";
constexpr const char* description =
    "Scores what is visible, or the chosen layer, from 1 to 10 as people in general would, or as one person "
    "whose profile is "
    "given, "
    "and finds the best crops of a format. Adds, in one step of undo, a heatmap as a layer and the crops as "
    "guides, paths or framed layers; crops the image or makes new ones when asked to. Only the selected part "
    "is judged, or the selection stays whole in every crop. Indexed images have to become RGB first.";
constexpr const char* profile = "A person's profile, such as me.pt; empty for people in general";
constexpr const char* map = "The heatmap: generic, personal or difference";
constexpr const char* heatmap_layer = "Add the heatmap as a layer (TRUE or FALSE)";
constexpr const char* opacity = "Opacity of that layer, 0 to 100";
constexpr const char* format =
    "A preset's name, an aspect like 4:5, or photo for the photo's own; empty or free for any aspect";
constexpr const char* count = "How many crops to find, 1 to 10";
constexpr const char* text_area =
    "Room for text: format (as the preset has it), none, top, bottom, left or right";
constexpr const char* crops_as = "How crops are shown: none, guides (the chosen one), paths or layers";
constexpr const char* cut = "What happens to the image: nothing, crop (to the chosen one) or new-images";
constexpr const char* chosen = "Which crop is meant, 1 for the best";
constexpr const char* source =
    "What is judged: auto (what is visible where the chosen layer alone is not what is seen), visible or "
    "layer";
constexpr const char* selection =
    "What the selection is for: judge (only that is judged), keep (stays whole in crops) or ignore";
constexpr const char* keep_heads = "Crops leave people's heads whole (TRUE or FALSE)";
constexpr const char* straighten =
    "Level the photo before crops are found, where it is surely tilted (TRUE or FALSE)";
constexpr const char* score = "Score of the photo, 1 to 10";
constexpr const char* generic = "What people in general would say, 1 to 10";
constexpr const char* x =
    "Left side of the chosen crop in the image, in pixels; with an angle, in the levelled photo";
constexpr const char* y = "Upper side of the chosen crop";
constexpr const char* width = "Width of the chosen crop";
constexpr const char* height = "Height of the chosen crop";
constexpr const char* crop_score = "How well it frames the photo, 0 to 1";
constexpr const char* crops = "How many crops were found";
constexpr const char* leave_it = "Whether the whole frame is the better answer";
constexpr const char* images = "The new images";
constexpr const char* angle =
    "Degrees, clockwise, by which the photo was tilted and crops are turned; 0 where it was not levelled";
}  // namespace help

}  // namespace piaa::plugin
