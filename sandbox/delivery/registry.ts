import { EmulatorProxy } from "../emulator-proxy";
import { ApiError, jsonApi } from "./json-api";

/** ECR as the pipelines' builds reach it: MiniStack, with what it lacks. Nobody scans an image here, and the answer says so. */
export const registryProxy = (ministack: string, note: (line: string) => void) =>
  new EmulatorProxy(
    ministack,
    jsonApi({
      DescribeImageScanFindings: ({ repositoryName, imageId }) => ({
        repositoryName,
        imageId,
        imageScanStatus: { status: "COMPLETE", description: "The sandbox scans no images." },
        imageScanFindings: { findings: [], findingSeverityCounts: {} },
      }),
      DescribeImages: async ({ imageIds }, { pass }) => {
        const answer = await pass();
        // MiniStack leaves out missing fields.
        if (imageIds?.length && answer.imageDetails?.length === 0)
          throw new ApiError("ImageNotFoundException", "The image does not exist in the repository.");
        return answer;
      },
    }),
    note,
  );
