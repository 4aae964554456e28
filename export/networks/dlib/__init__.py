"""dlib's face recognition ResNet: its file, its graph, and the descriptors it must give."""
