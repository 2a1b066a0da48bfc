; The filter as GIMP 2.10 finds it, on the file `picture`; /try/filter-says gets its score and its crop.
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE picture picture)))
       (layer (car (gimp-image-get-active-layer image)))
       (result (plug-in-aesthetic-crop RUN-NONINTERACTIVE image layer "" "generic" TRUE 60 "1:1" 3 "format" "guides" "nothing" 1
                                       "auto" "judge" TRUE FALSE))
       (port (open-output-file "/try/filter-says")))
  (display "score " port)
  (display (car result) port)
  (display ", crop " port)
  (display (list-ref result 4) port)
  (display " wide" port)
  (newline port)
  (close-output-port port))
