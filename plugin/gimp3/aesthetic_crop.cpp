// The plug-in as GIMP 3 starts it.

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <piaa/error.h>

#include "actions/dialog_state.h"
#include "actions/procedure.h"
#include "actions/result.h"
#include "actions/texts.h"
#include "actions/words.h"
#include "dialog.h"
#include "gimp3_host.h"

namespace piaa::plugin {
namespace {

// Kept for the next time, but no arguments of scripts.
constexpr const char* fit_colours_name = "fit-colours";
constexpr const char* used_name = "dialog-was-used";

// One word after the other, as GIMP keeps the arguments of a procedure.

std::string word(GimpProcedureConfig* config, const char* argument) {
    gchar* value = nullptr;
    g_object_get(config, argument, &value, nullptr);
    const std::string text = value != nullptr ? value : "";
    g_free(value);
    return text;
}

int whole(GimpProcedureConfig* config, const char* argument) {
    gint value = 0;
    g_object_get(config, argument, &value, nullptr);
    return value;
}

/// Throws Error(bad_argument).
Settings settings_of(GimpProcedureConfig* config) {
    Settings settings;
    gboolean add_map = FALSE;
    g_object_get(config, "heatmap-layer", &add_map, "opacity", &settings.opacity, nullptr);
    settings.profile = word(config, "profile");
    settings.map = static_cast<HeatmapKind>(choice_of(map_choices(), "map", word(config, "map")));
    settings.add_map = add_map != FALSE;
    settings.format = word(config, "format");
    settings.count = whole(config, "count");
    settings.text_area =
        static_cast<TextPlace>(choice_of(copy_area_choices(), "copy-area", word(config, "copy-area")));
    settings.marks = static_cast<CropMarks>(choice_of(marks_choices(), "crops-as", word(config, "crops-as")));
    settings.cut = static_cast<Cut>(choice_of(cut_choices(), "cut", word(config, "cut")));
    settings.chosen = whole(config, "chosen");
    settings.source = static_cast<Source>(choice_of(source_choices(), "source", word(config, "source")));
    settings.selection =
        static_cast<SelectionUse>(choice_of(selection_choices(), "selection", word(config, "selection")));
    gboolean keep_heads = TRUE, straighten = FALSE, fit_colours = FALSE;
    g_object_get(config, "keep-heads", &keep_heads, "straighten", &straighten, fit_colours_name, &fit_colours,
                 nullptr);
    settings.fit_colours = fit_colours != FALSE;
    settings.keep_heads = keep_heads != FALSE;
    settings.straighten = straighten != FALSE;
    return settings;
}

/// GIMP itself keeps what is set here for the next time.
void keep(GimpProcedureConfig* config, const Settings& settings) {
    g_object_set(config, "profile", settings.profile.c_str(), "map",
                 map_choices()[static_cast<int>(settings.map)].word, "heatmap-layer", settings.add_map,
                 "opacity", settings.opacity, "format", settings.format.c_str(), "count", settings.count,
                 "copy-area", copy_area_choices()[static_cast<int>(settings.text_area)].word, "crops-as",
                 marks_choices()[static_cast<int>(settings.marks)].word, "cut",
                 cut_choices()[static_cast<int>(settings.cut)].word, "chosen", 1, "source",
                 source_choices()[static_cast<int>(settings.source)].word, "selection",
                 selection_choices()[static_cast<int>(settings.selection)].word, "keep-heads",
                 settings.keep_heads, "straighten", settings.straighten, fit_colours_name,
                 settings.fit_colours, used_name, TRUE, nullptr);
}

/// Those of the last time.
Settings dialog_settings(GimpProcedureConfig* config) {
    gboolean used = FALSE;
    g_object_get(config, used_name, &used, nullptr);
    return used ? settings_of(config) : first_settings();
}

/// Throws Error(bad_argument) for anything but one layer that is not ours, or its mask.
GimpLayer* layer_of(GimpDrawable** drawables) {
    const auto count = gimp_core_object_array_get_length(reinterpret_cast<GObject**>(drawables));
    if (count != 1)
        throw Error(ErrorCode::bad_argument,
                    std::to_string(count) + " layers are chosen and should be one: the one with the photo");
    if (GIMP_IS_LAYER_MASK(drawables[0])) return gimp_layer_from_mask(GIMP_LAYER_MASK(drawables[0]));
    if (!GIMP_IS_LAYER(drawables[0]))
        throw Error(ErrorCode::bad_argument, "a channel is chosen and should be a layer");
    if (gimp_drawable_is_indexed(drawables[0]))
        throw Error(ErrorCode::bad_argument,
                    "the image is indexed and should be RGB or greyscale: Image > Mode > RGB");
    if (was_added_by_us(GIMP_ITEM(drawables[0])))
        throw Error(ErrorCode::bad_argument,
                    "a layer that this filter added is chosen and should be the photo's own");
    return GIMP_LAYER(drawables[0]);
}

GimpValueArray* failure(GimpProcedure* procedure, GimpPDBStatusType status, const std::string& sentence) {
    GError* error = sentence.empty() ? nullptr
                                     : g_error_new_literal(g_quark_from_static_string(procedure_name), 0,
                                                           sentence.c_str());
    return gimp_procedure_new_return_values(procedure, status, error);
}

GimpValueArray* success(GimpProcedure* procedure, const Answer& answer,
                        const std::vector<GimpImage*>& images) {
    GimpValueArray* values = gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, nullptr);
    int place = 1;
    const auto next = [&] { return gimp_value_array_index(values, place++); };
    g_value_set_double(next(), answer.score.score);
    g_value_set_double(next(), answer.score.generic);
    for (const int side : {answer.box.x, answer.box.y, answer.box.width, answer.box.height})
        g_value_set_int(next(), side);
    g_value_set_double(next(), answer.crop_score);
    g_value_set_int(next(), answer.crops);
    g_value_set_boolean(next(), answer.leave_it);
    std::vector<GimpImage*> list = images;
    list.push_back(nullptr);
    g_value_set_boxed(next(), list.data());
    g_value_set_double(next(), answer.angle);
    return values;
}

GimpValueArray* run_on(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpLayer* layer,
                       GimpProcedureConfig* config) {
    Gimp3Host host(image, layer, mode != GIMP_RUN_NONINTERACTIVE);
    gimp_progress_init("Aesthetic Crop");
    Answer answer;
    if (mode == GIMP_RUN_INTERACTIVE) {
        const Settings settings = dialog_settings(config);
        looked_at(host, settings);
        check_photo(host);
        check_display();
        gimp_ui_init(program_name);
        Dialog dialog(host, settings);
        if (!dialog.run()) return failure(procedure, GIMP_PDB_CANCEL, "");
        keep(config, dialog.settings());
        answer = apply(host, dialog.settings(), dialog.finish());
    } else {
        answer = plugin::run(host, settings_of(config));
    }
    if (mode != GIMP_RUN_NONINTERACTIVE) gimp_displays_flush();
    return success(procedure, answer, host.made_images());
}

GimpValueArray* start(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable** drawables,
                      GimpProcedureConfig* config, gpointer) {
    try {
        g_debug("started");
        find_translations();
        gegl_init(nullptr, nullptr);
        return run_on(procedure, mode, image, layer_of(drawables), config);
    } catch (const Error& error) {
        return failure(procedure, is_of_the_caller(error) ? GIMP_PDB_CALLING_ERROR : GIMP_PDB_EXECUTION_ERROR,
                       sentence(error.what()));
    } catch (const std::exception& error) {
        return failure(procedure, GIMP_PDB_EXECUTION_ERROR, sentence(error.what()));
    }
}

void add_choice(GimpProcedure* procedure, const char* name, const char* nick, const char* blurb,
                std::span<const Choice> choices, int usual) {
    GimpChoice* choice = gimp_choice_new();
    for (std::size_t i = 0; i < choices.size(); ++i)
        gimp_choice_add(choice, choices[i].word, static_cast<gint>(i), choices[i].label, nullptr);
    gimp_procedure_add_choice_argument(procedure, name, nick, blurb, choice, choices[usual].word,
                                       G_PARAM_READWRITE);
}

void add_arguments(GimpProcedure* procedure) {
    const Settings usual;
    gimp_procedure_add_string_argument(procedure, "profile", "Profile", help::profile, "", G_PARAM_READWRITE);
    add_choice(procedure, "map", "Heatmap", help::map, map_choices(), static_cast<int>(usual.map));
    gimp_procedure_add_boolean_argument(procedure, "heatmap-layer", "Heatmap layer", help::heatmap_layer,
                                        usual.add_map, G_PARAM_READWRITE);
    gimp_procedure_add_double_argument(procedure, "opacity", "Opacity", help::opacity, 0, 100, usual.opacity,
                                       G_PARAM_READWRITE);
    gimp_procedure_add_string_argument(procedure, "format", "Format", help::format, "", G_PARAM_READWRITE);
    gimp_procedure_add_int_argument(procedure, "count", "Suggestions", help::count, 1, most_crops,
                                    usual.count, G_PARAM_READWRITE);
    add_choice(procedure, "copy-area", "Room for text", help::text_area, copy_area_choices(),
               static_cast<int>(usual.text_area));
    add_choice(procedure, "crops-as", "Show crops", help::crops_as, marks_choices(),
               static_cast<int>(usual.marks));
    add_choice(procedure, "cut", "The image", help::cut, cut_choices(), static_cast<int>(usual.cut));
    gimp_procedure_add_int_argument(procedure, "chosen", "Chosen crop", help::chosen, 1, most_crops,
                                    usual.chosen, G_PARAM_READWRITE);
    add_choice(procedure, "source", "Judged", help::source, source_choices(), static_cast<int>(usual.source));
    add_choice(procedure, "selection", "The selection", help::selection, selection_choices(),
               static_cast<int>(usual.selection));
    gimp_procedure_add_boolean_argument(procedure, "keep-heads", "Keep heads whole", help::keep_heads,
                                        usual.keep_heads, G_PARAM_READWRITE);
    gimp_procedure_add_boolean_argument(procedure, "straighten", "Level the photo", help::straighten,
                                        usual.straighten, G_PARAM_READWRITE);
    gimp_procedure_add_boolean_aux_argument(procedure, fit_colours_name, "Fit colours", nullptr,
                                            usual.fit_colours, G_PARAM_READWRITE);
    gimp_procedure_add_boolean_aux_argument(procedure, used_name, "The dialog was used", nullptr, FALSE,
                                            G_PARAM_READWRITE);
}

void add_return_values(GimpProcedure* procedure) {
    const auto add_number = [&](const char* name, const char* blurb, double low, double high) {
        gimp_procedure_add_double_return_value(procedure, name, name, blurb, low, high, low,
                                               G_PARAM_READWRITE);
    };
    const auto add_whole = [&](const char* name, const char* blurb) {
        gimp_procedure_add_int_return_value(procedure, name, name, blurb, 0, G_MAXINT, 0, G_PARAM_READWRITE);
    };
    add_number("score", help::score, 1, 10);
    add_number("generic", help::generic, 1, 10);
    add_whole("x", help::x);
    add_whole("y", help::y);
    add_whole("width", help::width);
    add_whole("height", help::height);
    add_number("crop-score", help::crop_score, -1e6, 1e6);
    add_whole("crops", help::crops);
    gimp_procedure_add_boolean_return_value(procedure, "leave-it", "leave-it", help::leave_it, FALSE,
                                            G_PARAM_READWRITE);
    gimp_procedure_add_core_object_array_return_value(procedure, "images", "images", help::images,
                                                      GIMP_TYPE_IMAGE, G_PARAM_READWRITE);
    gimp_procedure_add_double_return_value(procedure, "angle", "angle", help::angle, -45, 45, 0,
                                           G_PARAM_READWRITE);
}

}  // namespace

static GimpProcedure* create_procedure(GimpPlugIn* plug_in, const gchar* name) {
    GimpProcedure* procedure =
        gimp_image_procedure_new(plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, start, nullptr, nullptr);
    gimp_procedure_set_image_types(procedure, image_types);
    gimp_procedure_set_sensitivity_mask(procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE);
    gimp_procedure_set_menu_label(procedure, menu_label);
    gimp_procedure_add_menu_path(procedure, "<Image>/Image/[Crop]");
    gimp_procedure_set_documentation(procedure, help::blurb, help::description, name);
    gimp_procedure_set_attribution(procedure, "The PIAA authors", "The PIAA authors", "2026");
    add_arguments(procedure);
    add_return_values(procedure);
    return procedure;
}

}  // namespace piaa::plugin

struct AestheticCrop {
    GimpPlugIn parent;
};

struct AestheticCropClass {
    GimpPlugInClass parent;
};

G_DEFINE_TYPE(AestheticCrop, aesthetic_crop, GIMP_TYPE_PLUG_IN)

static void aesthetic_crop_class_init(AestheticCropClass* type) {
    GimpPlugInClass* plug_in = GIMP_PLUG_IN_CLASS(type);
    plug_in->query_procedures = [](GimpPlugIn*) {
        return g_list_append(nullptr, g_strdup(piaa::plugin::procedure_name));
    };
    plug_in->create_procedure = piaa::plugin::create_procedure;
    plug_in->set_i18n = nullptr;  // nothing is translated
}

static void aesthetic_crop_init(AestheticCrop*) {}

GIMP_MAIN(aesthetic_crop_get_type())
