; What the filter leaves in an image, in GIMP 2.10: layers, group, guides, paths, note, undo, crops, new images.

(define image (photo 640 480))
(define layer (car (gimp-image-get-active-layer image)))
(define before (pixels-sum layer))

; The mild default: heatmap and guides.
(define result (filter image layer "" "generic" TRUE 60 "1:1" 3 "format" "guides" "nothing" 1))
(define x (nth result 2))
(define y (nth result 3))
(define width (nth result 4))
(define height (nth result 5))
(check "the score lies on the scale" (and (>= (car result) 1) (<= (car result) 10)))
(check "without a profile the score is the generic one" (= (car result) (nth result 1)))
(check "the crop is square" (= width height))
(check "the crop lies inside the image" (and (>= x 0) (>= y 0) (<= (+ x width) 640) (<= (+ y height) 480)))
(check "three crops were found" (= (nth result 7) 3))

(define tops (vector->list (cadr (gimp-image-get-layers image))))
(check "one group stands before the photo" (and (= (length tops) 2) (= (cadr tops) layer)
                                                (= TRUE (car (gimp-item-is-group (car tops))))))
(define heatmap (vector-ref (cadr (gimp-item-get-children (car tops))) 0))
(check "the heatmap covers the photo" (and (= 640 (car (gimp-drawable-width heatmap))) (= 480 (car (gimp-drawable-height heatmap)))))
(check "the heatmap has its opacity" (< (abs (- 60 (car (gimp-layer-get-opacity heatmap)))) 0.5))
(check "the heatmap shows something" (> (alpha-spread heatmap) 5))
(check "guides stand at the crop" (equal? (sorted (guides image)) (sorted (list x (+ x width) y (+ y height)))))
(check "the photo is still the chosen layer" (= layer (car (gimp-image-get-active-layer image))))
(check "the photo's pixels are untouched" (= before (pixels-sum layer)))

; The note, through a file.
(define note (note-of image))
(gimp-xcf-save 0 image layer (string-append work "/round.xcf") "round.xcf")
(define again (car (gimp-file-load RUN-NONINTERACTIVE (string-append work "/round.xcf") "round.xcf")))
(check "the note names the model" (contains? note "\"model_hash\":\""))
(check "the note survives XCF" (string=? note (note-of again)))
(check "guides survive XCF" (= 4 (length (guides again))))
(write-file "note.json" note)
(gimp-image-delete again)

; Paths and framed layers.
(define paths (photo 640 480))
(filter paths (car (gimp-image-get-active-layer paths)) "" "generic" FALSE 60 "" 4 "none" "paths" "nothing" 1)
(check "each crop is a path" (= 4 (car (gimp-image-get-vectors paths))))
(check "the best crop is the first path" (string=? "Crop 1" (car (gimp-item-get-name (vector-ref (cadr (gimp-image-get-vectors paths)) 0)))))
(check "paths need no group" (= 1 (car (gimp-image-get-layers paths))))
(define frames (photo 640 480))
(filter frames (car (gimp-image-get-active-layer frames)) "" "generic" TRUE 35 "4:5" 2 "none" "layers" "nothing" 2)
(define group (vector-ref (cadr (gimp-image-get-layers frames)) 0))
(define inside (vector->list (cadr (gimp-item-get-children group))))
(check "the group holds the heatmap and two frames" (= 3 (length inside)))
(check "only the chosen frame is visible" (and (= FALSE (car (gimp-item-get-visible (car inside))))
                                               (= TRUE (car (gimp-item-get-visible (cadr inside))))))

; Cropping.
(define cropped (photo 640 480))
(define box (filter cropped (car (gimp-image-get-active-layer cropped)) "" "generic" FALSE 60 "16:9" 1 "none" "none" "crop" 1))
(check "the image has the crop's size" (and (= (nth box 4) (car (gimp-image-width cropped))) (= (nth box 5) (car (gimp-image-height cropped)))))
(check "the crop has its aspect" (< (abs (- (/ (nth box 4) (nth box 5)) (/ 16 9))) 0.02))

; A new image for each crop.
(define source (photo 640 480))
(define made (filter source (car (gimp-image-get-active-layer source)) "" "generic" FALSE 60 "square" 3 "none" "none" "new-images" 1))
(check "there is a new image for each crop" (and (>= (nth made 9) 1) (= (nth made 7) (nth made 9))))
(define first-made (vector-ref (nth made 10) 0))
(check "the first has the best crop's size" (and (= (nth made 4) (car (gimp-image-width first-made))) (= (nth made 5) (car (gimp-image-height first-made)))))
(check "the new image is titled after photo and format, with no ending, so that saving asks for a file"
       (string=? (string-append (substring picture 0 (- (string-length picture) 4)) " square 1") (car (gimp-image-get-filename first-made))))
(check "its layer is named after photo and format" (contains? (car (gimp-item-get-name (car (gimp-image-get-active-layer first-made)))) "square 1"))
(check "the new image has the note" (contains? (note-of first-made) "\"crops\""))
(check "the source is untouched" (and (= 640 (car (gimp-image-width source))) (string=? "" (note-of source)) (= FALSE (car (gimp-image-is-dirty source)))))

; Only asking.
(define asked (photo 640 480))
(gimp-image-clean-all asked)
(filter asked (car (gimp-image-get-active-layer asked)) "" "generic" FALSE 60 "" 1 "none" "none" "nothing" 1)
(check "asking alone changes nothing" (and (= FALSE (car (gimp-image-is-dirty asked))) (string=? "" (note-of asked))))

; A second run takes the place of the first, and spares what is not its own.
(define again (photo 640 480))
(define again-layer (car (gimp-image-get-active-layer again)))
(gimp-image-add-hguide again 7)
(define mine (car (gimp-layer-new again 50 50 RGBA-IMAGE "mine" 100 LAYER-MODE-NORMAL)))
(gimp-image-insert-layer again mine 0 0)
(gimp-layer-set-offsets mine 295 215) ; in the middle, where any crop keeps it
(filter again again-layer "" "generic" TRUE 60 "1:1" 2 "none" "guides" "nothing" 1)
(define second-run (filter again again-layer "" "generic" TRUE 60 "16:9" 2 "none" "guides" "nothing" 2))
(check "a second run replaces the group" (= 3 (car (gimp-image-get-layers again))))
(check "a second run replaces the guides and keeps other ones"
       (equal? (sorted (guides again))
               (sorted (list 7 (nth second-run 2) (+ (nth second-run 2) (nth second-run 4)) (nth second-run 3) (+ (nth second-run 3) (nth second-run 5))))))
(filter again again-layer "" "generic" FALSE 60 "" 2 "none" "paths" "nothing" 1)
(check "neither group nor guides are left when they are not asked for" (and (= 2 (car (gimp-image-get-layers again))) (= 1 (length (guides again)))))
(define second-paths (filter again again-layer "" "generic" FALSE 60 "1:1" 3 "none" "paths" "nothing" 1))
(check "a second run replaces the paths" (= (nth second-paths 7) (car (gimp-image-get-vectors again))))
(filter again again-layer "" "generic" TRUE 60 "" 2 "none" "layers" "nothing" 1)
(define without (vector-ref (nth (filter again again-layer "" "generic" FALSE 60 "" 1 "none" "none" "new-images" 1) 10) 0))
(check "a new image has nothing of an earlier run" (= 2 (car (gimp-image-get-layers without))))
(define to-crop (photo 640 480))
(filter to-crop -1 "" "generic" FALSE 60 "1:1" 1 "none" "guides" "crop" 1)
(filter to-crop -1 "" "generic" FALSE 60 "3:2" 1 "none" "guides" "nothing" 1)
(check "guides are found again after cropping" (= 4 (length (guides to-crop))))
